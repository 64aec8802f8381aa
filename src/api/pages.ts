import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

/** Nothing inline, nothing from elsewhere: a text from the web that reaches the page stays a text. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const pageHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "x-frame-options": "DENY",
};

const assets = {
  html: { file: "case.html", type: "text/html; charset=utf-8", cache: "no-store" },
  js: { file: "case.js", type: "text/javascript; charset=utf-8", cache: "no-cache" },
  css: { file: "case.css", type: "text/css; charset=utf-8", cache: "no-cache" },
} as const;

/** The page of a case or an alert that links of alerts open: one static file that reads the API with the reader's own key. */
const addresses = {
  "/cases/:id": assets.html,
  "/alerts/:id": assets.html,
  "/assets/case.js": assets.js,
  "/assets/case.css": assets.css,
} as const;

/** Serves the pages; they hold no data, so they need no key. */
export function registerPages(app: FastifyInstance): void {
  for (const [url, { file, type, cache }] of Object.entries(addresses)) {
    const body = readFileSync(new URL(`./assets/${file}`, import.meta.url));
    app.get(url, { schema: { hide: true } }, async (_request, reply) =>
      reply.headers({ ...pageHeaders, "content-type": type, "cache-control": cache }).send(body),
    );
  }
}
