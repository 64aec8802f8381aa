import { readFileSync } from "node:fs";
import { z } from "zod";
import { saidOf } from "#domain/expected.ts";

const list = z.string().transform(text =>
  text
    .split(",")
    .map(entry => entry.trim())
    .filter(entry => entry !== ""),
);
const port = z.coerce.number().int().min(0).max(65_535);
const count = (most: number) => z.coerce.number().int().min(1).max(most);
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "expected postgres://user:password@host:port/database");
const redisUrl = z.string().regex(/^rediss?(\+sentinel|\+cluster)?:\/\//, "expected redis://… or rediss://…");
const httpUrl = z.url({ protocol: /^https?$/, error: "expected an http:// or https:// address" });
const key32 = z
  .string()
  .refine(
    text => Buffer.from(text, "base64").length === 32,
    "expected 32 bytes in base64: openssl rand -base64 32",
  );

/** Every variable that Molva reads: name, what it means, what it may be. The reference page is made from it. */
export const envSchema = {
  HOST: z.string().default("127.0.0.1").describe("address where the API listens"),
  PORT: port.default(8400).describe("port where the API listens"),
  DATABASE_URL: postgresUrl
    .optional()
    .describe("PostgreSQL 14+, the application's role; unset: an embedded PostgreSQL in the data folder"),
  MOLVA_MIGRATE_DATABASE_URL: postgresUrl
    .optional()
    .describe("the owner's role, used by `migrate` only; unset: DATABASE_URL"),
  REDIS_URL: redisUrl.optional().describe("BullMQ on Redis or Valkey; unset: BullMQ on PostgreSQL"),
  MOLVA_PUBLIC_URL: httpUrl.optional().describe("what links in alerts begin with; unset: http://HOST:PORT"),
  MOLVA_DATA_DIR: z
    .string()
    .min(1)
    .default("./.molva")
    .describe("embedded database and keys made at the first start"),
  MOLVA_ADMIN_KEY: z
    .string()
    .regex(/^molva_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{20,100}$/, "expected molva_<8 characters>_<20 or more>")
    .optional()
    .describe("the first admin key; unset: made at the first start and printed once"),
  MOLVA_SECRET_KEY: key32
    .optional()
    .describe(
      "32 bytes in base64 that encrypt credentials at rest; required with DATABASE_URL, else made and kept in the data folder",
    ),
  MOLVA_SECRET_KEYS_OLD: list
    .default([])
    .describe(
      "earlier secret keys, comma-separated: what they sealed stays readable and is sealed anew by `molva rotate`",
    ),
  MOLVA_EGRESS_ALLOW: list
    .default([])
    .describe("comma-separated hosts or CIDRs that may be reached although they are private, on any port"),
  MOLVA_TELEGRAM_API: httpUrl
    .default("https://api.telegram.org")
    .describe("base address of the Telegram Bot API"),
  MOLVA_SLACK_API: httpUrl.default("https://slack.com/api").describe("base address of the Slack Web API"),
  MOLVA_DRAFT_URL: httpUrl
    .optional()
    .describe(
      "OpenAI-compatible address, such as https://host/v1, of a model that drafts answers, asked by the API with personal data masked; unset: no drafts",
    ),
  MOLVA_DRAFT_KEY: z.string().min(1).optional().describe("key of that address; unset: none is sent"),
  MOLVA_DRAFT_MODEL: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("name of the drafting model; required with MOLVA_DRAFT_URL"),
  MOLVA_CONTACT: z
    .string()
    .max(200)
    .default("https://molva.invalid/contact")
    .describe("page or mailbox in the User-Agent where site owners reach you; please set it"),
  MOLVA_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("least level of log lines"),
  MOLVA_PULSE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe("file renewed every 5 seconds while the process is alive, for health checks; unset: none"),
  MOLVA_COLLECTORS: count(64).default(4).describe("runs collected at the same time in one process"),
  MOLVA_API_CONNECTIONS: count(100).default(10).describe("database connections of the API"),
  MOLVA_BROWSER_PATH: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Chromium's program, which makes PDF; unset: where systems put it, and without any there is no PDF",
    ),
  MOLVA_TRUST_PROXY: z
    .stringbool()
    .default(false)
    .describe("whether X-Forwarded-For of a proxy in front is believed"),
} as const;

export type EnvName = keyof typeof envSchema;
export type Env = { [Name in EnvName]: z.output<(typeof envSchema)[Name]> };

/** A variable that is wrong or missing; the message is the one line that people see. */
export class EnvError extends Error {}

const secretNames = /KEY|DATABASE_URL|REDIS_URL/;

/** Reads the environment by the schema; each variable may also come as NAME_FILE, a file that holds its value. */
export function readEnv(
  source: Record<string, string | undefined>,
  readFile = (path: string) => readFileSync(path, "utf8"),
): Env {
  const entries = Object.entries(envSchema).map(([name, schema]) => {
    const given = givenValue(name, source, readFile);
    const parsed = schema.safeParse(given);
    if (parsed.success) return [name, parsed.data] as const;
    const shown = secretNames.test(name) ? "a value not shown here" : JSON.stringify(given);
    throw new EnvError(`${name}: given ${shown}; ${saidOf(parsed.error.issues[0])}`);
  });
  const env = Object.fromEntries(entries) as Env;
  if (env.DATABASE_URL !== undefined && env.MOLVA_SECRET_KEY === undefined) {
    throw new EnvError(
      "MOLVA_SECRET_KEY: not given; with DATABASE_URL it is required: openssl rand -base64 32",
    );
  }
  if (env.MOLVA_DRAFT_URL !== undefined && env.MOLVA_DRAFT_MODEL === undefined)
    throw new EnvError("MOLVA_DRAFT_MODEL: not given; with MOLVA_DRAFT_URL the model's name is required");
  return env;
}

function givenValue(
  name: string,
  source: Record<string, string | undefined>,
  readFile: (path: string) => string,
): string | undefined {
  const file = source[`${name}_FILE`];
  const direct = source[name];
  if (file === undefined || file === "") return direct === "" ? undefined : direct;
  if (direct !== undefined && direct !== "")
    throw new EnvError(`${name}: given twice, as ${name} and as ${name}_FILE; keep one`);
  try {
    return readFile(file).trim();
  } catch {
    throw new EnvError(`${name}_FILE: given "${file}"; expected a file that can be read`);
  }
}
