/** What is kept of the last full reply of an address, so that the next question can be conditional. */
export interface Stored {
  headers: Readonly<Record<string, string>>;
}

/** Describe the body that came with them, not the stored one, so a 304 does not change them (RFC 9111, 3.2). */
const bound = new Set([
  "content-length",
  "content-encoding",
  "content-range",
  "transfer-encoding",
  "connection",
]);

/**
 * Headers that ask "only if it has changed". With an ETag, `If-None-Match` goes alone and always quoted: a server
 * ignores `If-Modified-Since` beside it (RFC 9110, 13.1.3). Empty when nothing was stored to compare with.
 */
export function conditionalHeaders(stored: Stored | null): Record<string, string> {
  const etag = stored?.headers["etag"];
  const lastModified = stored?.headers["last-modified"];
  if (etag !== undefined && etag !== "") return { "if-none-match": quoted(etag) };
  return lastModified === undefined ? {} : { "if-modified-since": lastModified };
}

/** The stored headers after a 304: its own replace them by name, except those bound to a body; none is removed. */
export function updateStored(stored: Stored, replyHeaders: Readonly<Record<string, string>>): Stored {
  const news = Object.entries(replyHeaders).filter(([name]) => !bound.has(name));
  return { headers: { ...stored.headers, ...Object.fromEntries(news) } };
}

/** What to keep of a reply: only a 200 that can be compared later, and no `no-store`. */
export function storedFrom(status: number, headers: Readonly<Record<string, string>>): Stored | null {
  const comparable = headers["etag"] !== undefined || headers["last-modified"] !== undefined;
  const mayBeKept = !/\bno-store\b/i.test(headers["cache-control"] ?? "");
  return status === 200 && comparable && mayBeKept ? { headers } : null;
}

const quoted = (etag: string): string => (/^([Ww]\/?)?\\?"/.test(etag) ? etag : `"${etag}"`);
