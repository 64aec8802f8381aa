import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NetReply } from "#net/client.ts";
import type { SourceRequest } from "#sources/define.ts";

const mask = "***";
/** Shorter ones are words of the language rather than secrets. */
const leastSecretLength = 6;
/** Headers of a reply that open a session or tell who asked. */
const telling = /^(set-cookie|authorization|proxy-authenticate|x-api-key|.*token.*)$/i;

export interface Recorded {
  /** Without what `authorize` adds. */
  request: SourceRequest;
  reply: NetReply;
  credentials: unknown;
}

/**
 * Keeps a reply as `<name>.body`, byte for byte but for the secrets, and what is known of it as
 * `<name>.json`. Secrets are the texts of the credentials, however they are written.
 */
export async function recordReply(
  dir: string,
  name: string,
  { request, reply, credentials }: Recorded,
): Promise<void> {
  const clean = cleaner(textsOf(credentials));
  await mkdir(dir, { recursive: true });
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([key, value]) => [key, telling.test(key) ? mask : clean(value)]),
  );
  const facts = {
    url: clean(reply.url),
    status: reply.status,
    headers,
    request: JSON.parse(clean(JSON.stringify(request))),
  };
  await writeFile(join(dir, `${name}.json`), `${JSON.stringify(facts, null, 2)}\n`);
  await writeFile(join(dir, `${name}.body`), Buffer.from(clean(bytesAsText(reply.body)), "latin1"));
}

/** One character a byte, so that nothing of the reply's encoding is lost. */
const bytesAsText = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** A secret stands in replies as it is, in UTF-8 bytes, in base64, in an address or inside JSON. */
const forms = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString("latin1"),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64url"),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
];

function cleaner(secrets: readonly string[]): (text: string) => string {
  const found = [...new Set(secrets.filter(({ length }) => length >= leastSecretLength).flatMap(forms))];
  const longestFirst = found.toSorted((a, b) => b.length - a.length);
  return text => longestFirst.reduce((clean, secret) => clean.replaceAll(secret, mask), text);
}
