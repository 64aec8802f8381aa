# One image, one role per container: `molva api`, `molva scheduler`, `molva collector`, `molva notifier`, `molva migrate`.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Not in the image: what develops (dev), PostgreSQL's own programs (optional; the image is used with DATABASE_URL),
# and a second Node (the install script of the package `node`; the image has its own).
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8400
WORKDIR /app
RUN printf '#!/bin/sh\nexec node /app/workers/cli.ts "$@"\n' > /usr/local/bin/molva \
  && chmod 755 /usr/local/bin/molva
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY boot boot
COPY config config
COPY migrations migrations
COPY src src
COPY workers workers
# Nothing above belongs to this user, so nothing of it can be changed from inside.
USER node
EXPOSE 8400
# The API answers for itself; roles without a port give their own check in docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["molva"]
CMD ["api"]
