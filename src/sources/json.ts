import { SourceChangedError, TooMuchError } from "#domain/errors.ts";

const quote = 34;
const backslash = 92;
const opening = new Set([91, 123]);
const closing = new Set([93, 125]);

/**
 * Parses JSON whose arrays and objects nest at most `maxDepth` deep. Throws `TooMuchError` beyond that, before
 * anything is built, and `SourceChangedError` for what is not JSON.
 */
export function readJson(body: string, maxDepth = 100): unknown {
  const text = body.replace(/^\uFEFF/, "");
  if (isDeeper(text, maxDepth)) {
    throw new TooMuchError(`The JSON nests deeper than ${maxDepth} levels; it was not read.`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const start = text.trim().slice(0, 40).toWellFormed();
    throw new SourceChangedError(`The reply is not JSON, it begins with ${JSON.stringify(start)}.`, {
      cause,
    });
  }
}

/** One pass over the text; brackets inside strings do not count. */
function isDeeper(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (opening.has(code)) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (closing.has(code)) depth -= 1;
  }
  return false;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) break;
  }
  return at;
}
