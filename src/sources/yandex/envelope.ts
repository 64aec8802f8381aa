import { z } from "zod";
import { BlockedError, MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import { decodeBase64 } from "#sources/base64.ts";
import { readJson } from "#sources/json.ts";

const envelopeSchema = z.object({
  rawData: z.string().optional(),
  done: z.boolean().optional(),
  id: z.string().optional(),
  response: z.object({ rawData: z.string() }).optional(),
  error: z.object({ code: z.number(), message: z.string().default("") }).optional(),
});

/** How long a deferred search is waited for before it is asked about again. */
const deferredAfterMs = 5 * 60_000;

/**
 * The XML document within a reply of Search API v2: `{rawData}` of the synchronous mode or a finished operation of the
 * deferred one, base64 in both; version 1 and its resellers send the document itself.
 */
export function documentIn(body: string): string {
  if (!/^[\s\uFEFF]*\{/.test(body)) return body;
  const envelope = envelopeSchema.safeParse(readJson(body));
  if (!envelope.success)
    throw new SourceChangedError("The reply is JSON, but not an answer of Yandex Search API v2.");
  const { rawData, response, error, done } = envelope.data;
  if (error !== undefined) throw operationError(error.code, error.message);
  const encoded = rawData ?? response?.rawData;
  if (encoded === undefined)
    throw done === false
      ? stillSearching()
      : new SourceChangedError("The answer of Yandex Search API v2 has no rawData.");
  const document = decodeBase64(encoded);
  if (document === null)
    throw new SourceChangedError("rawData in the answer of Yandex Search API v2 is not base64.");
  return document;
}

const stillSearching = (): MolvaError =>
  new MolvaError(
    "not-ready",
    "The deferred search has not finished yet; it is asked about again in five minutes.",
    {
      retry: { afterMs: deferredAfterMs },
    },
  );

/** Codes of gRPC (google.rpc.Code) that an operation fails with. */
function operationError(code: number, message: string): MolvaError {
  const text = `Yandex Search API refused the search (${code}): ${message.slice(0, 300)}`;
  if (code === 7 || code === 16)
    return new BlockedError(`${text}. Check the key, its role search-api.webSearch.user and the folder.`);
  if (code === 8) return new QuotaError(text, 60 * 60_000);
  return new MolvaError("source-unavailable", text);
}
