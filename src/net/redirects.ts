import { TransportError } from "./faults.ts";

/** One step of a request: what goes to one address. */
export interface Hop {
  url: URL;
  method: "GET" | "POST" | "PATCH";
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
}

const maxRedirects = 5;

/** Performs hop after hop until an answer is no redirect. */
export async function follow<A extends { status: number; headers: Readonly<Record<string, string>> }>(
  start: Hop,
  perform: (hop: Hop) => Promise<A>,
): Promise<{ answer: A; hop: Hop; redirectCount: number }> {
  let hop = start;
  for (let redirectCount = 0; redirectCount <= maxRedirects; redirectCount += 1) {
    const answer = await perform(hop);
    const next = nextHop(hop, answer.status, answer.headers);
    if (next === null) return { answer, hop, redirectCount };
    hop = next;
  }
  const message = `${start.url.host} redirects more than ${maxRedirects} times. Open the address in a browser and use its last one.`;
  throw new TransportError("redirects", message);
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** All that may be told to another origin: anything else may be a secret, whatever its name. */
const harmless = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "user-agent",
  "if-none-match",
  "if-modified-since",
]);

/** Where a redirect leads and what is sent there; null when the reply is not one. */
function nextHop(hop: Hop, status: number, headers: Readonly<Record<string, string>>): Hop | null {
  const location = headers["location"];
  if (!redirectStatuses.has(status) || location === undefined) return null;
  const url = URL.parse(location, hop.url.href);
  if (url === null)
    throw new TransportError("redirects", `${hop.url.host} redirects to an address that is none.`);
  url.hash = "";
  const keepsMethod = hop.method === "GET" || status === 307 || status === 308;
  const isElsewhere = url.origin !== hop.url.origin;
  if (keepsMethod && isElsewhere && hop.body !== null) {
    const message = `${hop.url.host} redirects to ${url.host}; what was to be posted is not sent to another host.`;
    throw new TransportError("redirects", message);
  }
  const kept = Object.entries(hop.headers).filter(([name]) => !isElsewhere || harmless.has(name));
  return keepsMethod
    ? { ...hop, url, headers: Object.fromEntries(kept) }
    : { url, method: "GET", headers: withoutContent(kept), body: null };
}

function withoutContent(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !name.startsWith("content-")));
}
