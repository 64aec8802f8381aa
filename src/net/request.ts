import { InputError } from "#domain/errors.ts";

/** A signal that is never aborted. */
export const forever: AbortSignal = new AbortController().signal;

/** Headers that belong to the connection are the client's to set. */
const ours = new Set(["host", "connection", "content-length", "transfer-encoding", "expect", "upgrade"]);

/** Headers with lower-case names, without those of the connection. */
export function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return Object.fromEntries(pairs.filter(([name]) => !ours.has(name)));
}

/** Reads an address without its fragment; throws an `InputError` for what is none. */
export function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null)
    throw new InputError(`"${text.slice(0, 200)}" is not an address. Expected: https://host/path.`, "url");
  url.hash = "";
  return url;
}
