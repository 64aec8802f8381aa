import { type CheerioAPI, load } from "cheerio/slim";
import { parseMarkup } from "./markup.ts";

/**
 * Parses XML with mixed content for querying (names keep their case and prefix: `$("content\\:encoded")`), within
 * the limits of `markup.ts`. Only the five entities of XML are expanded, and nothing external is ever read; a
 * DOCTYPE with declarations of its own is a `TooMuchError`.
 */
export function loadXml(body: string): CheerioAPI {
  return load(parseMarkup(body.replace(/^\uFEFF/, ""), true), { xml: true });
}
