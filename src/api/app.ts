import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import scalar from "@scalar/fastify-api-reference";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import {
  createJsonSchemaTransform,
  jsonSchemaTransformObject,
  validatorCompiler,
} from "fastify-type-provider-zod";
import { v4 } from "uuid";
import { answerCompiler } from "./answer-compiler.ts";
import { type Authenticator, createAuthenticator } from "./auth.ts";
import { callbackRoutes, keepSignedText } from "./callbacks.ts";
import type { ApiDeps, Caller } from "./define.ts";
import { watchMethods } from "./methods.ts";
import { mountRoutes } from "./mount.ts";
import { registerPages } from "./pages.ts";
import { bodyLimitMiB, ProblemError, sendProblem } from "./problem.ts";
import { allRoutes } from "./routes.ts";
import { registerStream } from "./stream.ts";

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** A stopping process lets requests under way end for so long. */
const closeWithinMs = 10_000;
/** Requests of one key in a minute, and of one address without a valid key. */
const perMinute = { key: 120_000, address: 600 };

/** Builds the API; nothing listens yet. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitMiB * 1024 * 1024,
    genReqId: () => v4(),
    trustProxy: deps.trustProxy,
    forceCloseConnections: "idle",
    frameworkErrors: sendProblem,
    routerOptions: { maxParamLength: 500 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(answerCompiler({ check: deps.checkAnswers ?? false }));
  app.setErrorHandler(sendProblem);
  allowEmptyJson(app);
  const methodsOf = watchMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] as string;
    const methods = methodsOf(path);
    if (methods.length > 0) reply.header("allow", methods.join(", "));
    sendProblem(nothingThere(request.method, path, methods), request, reply);
  });
  app.decorateRequest("caller", null);
  // A connection that was opened and never used counts as busy, and would hold the process for a minute.
  app.addHook("preClose", async () => {
    setTimeout(() => app.server.closeAllConnections(), closeWithinMs).unref();
  });
  app.addHook("onSend", async (_request, reply) => {
    reply.headers({
      "x-content-type-options": "nosniff",
      "cache-control": reply.getHeader("cache-control") ?? "no-store",
    });
  });
  await describeApi(app);
  const auth = createAuthenticator(deps.db);
  await limitRates(app, auth);
  mountRoutes(app, deps, auth, allRoutes(auth));
  await app.register(async scope => {
    keepSignedText(scope);
    mountRoutes(scope, deps, auth, callbackRoutes);
  });
  registerStream(app, deps, auth);
  registerPages(app);
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  await app.register(scalar, {
    routePrefix: "/docs",
    configuration: { url: "/openapi.json", withDefaultFonts: false, telemetry: false } as never,
  });
  await app.ready();
  return app;
}

async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Molva",
        version: "1",
        description: "Reputation monitoring: mentions, response queue, trends, alerts.",
      },
      components: {
        securitySchemes: { key: { type: "http", scheme: "bearer", bearerFormat: "molva_<id>_<secret>" } },
      },
      security: [{ key: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: "any" } as never }),
    transformObject: jsonSchemaTransformObject,
  });
}

/** An empty body that is called JSON is no body: many clients send the header with every POST. */
function allowEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body as string, done);
  });
}

const nothingThere = (method: string, path: string, methods: readonly string[]): ProblemError =>
  methods.length > 0
    ? new ProblemError(405, "method-not-allowed", `${path} takes ${methods.join(", ")}, not ${method}`)
    : new ProblemError(404, "not-found", `There is no ${method} ${path}; GET /docs lists what there is`);

async function limitRates(app: FastifyInstance, auth: Authenticator): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    timeWindow: 60_000,
    enableDraftSpec: true,
    max: (_request, key) => (key.startsWith("key:") ? perMinute.key : perMinute.address),
    keyGenerator: request => {
      const keyId = auth.recognise(request.headers.authorization);
      return keyId === null ? `address:${request.ip}` : `key:${keyId}`;
    },
    errorResponseBuilder: (_request, context) =>
      new ProblemError(
        429,
        "too-many-requests",
        `Over ${context.max} requests a minute; try again in ${context.after}`,
      ),
    allowList: request => request.url === "/healthz" || request.url === "/readyz",
  });
  // Before the hooks of the routes, so that a wrong key counts too.
  app.addHook("onRequest", app.rateLimit());
}
