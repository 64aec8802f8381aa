import { pino, stdSerializers } from "pino";
import type { Env } from "#config/env.ts";
import type { Log } from "#pipeline/deps.ts";

/** What a secret looks like wherever it turns up: our keys, tokens of chat services, signing secrets, passwords in URLs. */
const secretShapes: readonly [RegExp, string][] = [
  [/molva_([A-Za-z0-9]{8})_[A-Za-z0-9_-]+/g, "molva_$1_***"],
  [/whsec_[A-Za-z0-9+/=_-]+/g, "whsec_***"],
  [/xox[a-z]-[A-Za-z0-9-]+/g, "xox***"],
  [/\bbot\d+:[A-Za-z0-9_-]+/g, "bot***"],
  [/hooks\.slack\.com\/[A-Za-z0-9/_-]+/g, "hooks.slack.com/***"],
  [/(Bearer|Api-Key)\s+[A-Za-z0-9._~+/=-]+/gi, "$1 ***"],
  [/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, "***"],
  [/(:\/\/[^\s/:@"]*):[^\s/@"]+@/g, "$1:***@"],
];

/** A line without anything that looks like a secret. */
const scrub = (line: string): string =>
  secretShapes.reduce((text, [shape, mask]) => text.replace(shape, mask), line);

/** JSON lines on standard output, scrubbed as the last step before they leave. */
export function createLog(
  level: Env["MOLVA_LOG_LEVEL"],
  write: (line: string) => void = line => process.stdout.write(line),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: stdSerializers.errWithCause },
      redact: {
        paths: ["*.authorization", "*.password", "*.credentials", "*.secret", "*.token"],
        censor: "***",
      },
    },
    { write: line => write(scrub(line)) },
  );
}
