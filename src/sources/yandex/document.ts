import { SourceChangedError } from "#domain/errors.ts";
import { oneLine } from "#sources/plain-text.ts";
import { looksLikeHtml } from "#sources/refusal.ts";
import { loadXml } from "#sources/xml.ts";
import { nothingFound, searchRefusal } from "./refusal.ts";

/** One document of a page of results; `position` counts groups from 1 over all pages. */
export interface SearchResult {
  url: string;
  position: number;
  title: string | null;
  text: string;
}

/** A page of results; `foundCount` is the engine's estimate of all documents, null when it gives none. */
export interface ResultPage {
  foundCount: number | null;
  results: SearchResult[];
}

type Query = ReturnType<typeof loadXml>;
type Selection = ReturnType<Query>;

/**
 * Reads the XML of Yandex Search (API v1, v2 and resellers). No field is mandatory there, so a result without
 * an address is left out and counted in the positions; an `error` becomes the error that it stands for.
 */
export function readResults(xml: string): ResultPage {
  if (looksLikeHtml(xml)) throw new SourceChangedError("Yandex Search answered with a page instead of XML.");
  const $ = loadXml(xml);
  const response = $.root().children("yandexsearch").children("response");
  if (response.length === 0)
    throw new SourceChangedError("The reply has no yandexsearch/response: it is no answer of Yandex Search.");
  if (!xml.includes("</yandexsearch>"))
    throw new SourceChangedError("The answer of Yandex Search ends too early: it was cut off.");
  const grouping = response.children("results").children("grouping");
  const groups = grouping
    .children("group")
    .toArray()
    .map(group => $(group));
  const error = response.children("error").first();
  if (error.length > 0 && groups.length === 0) return refusedOrEmpty(error);
  if (grouping.length === 0)
    throw new SourceChangedError("The answer of Yandex Search has neither results nor an error.");
  const before = positionsBefore(grouping);
  return {
    foundCount: foundIn(grouping) ?? foundIn(response),
    results: groups.flatMap((group, index) =>
      group
        .children("doc")
        .toArray()
        .flatMap(doc => readResult($, $(doc), before + index + 1)),
    ),
  };
}

function refusedOrEmpty(error: Selection): ResultPage {
  const code = Number(error.attr("code"));
  if (code === nothingFound) return { foundCount: 0, results: [] };
  throw searchRefusal(code, oneLine(error.text()) ?? "");
}

/** `first` of the page element is nonsense on empty pages, so the number of the page is what counts. */
function positionsBefore(grouping: Selection): number {
  const page = Number(grouping.children("page").first().text().trim() || 0);
  const groupsOnPage = Number(grouping.attr("groups-on-page") ?? 0);
  return Number.isSafeInteger(page * groupsOnPage) ? Math.max(page * groupsOnPage, 0) : 0;
}

function foundIn(parent: Selection): number | null {
  for (const selector of ['found-docs[priority="all"]', 'found[priority="all"]']) {
    const text = parent.children(selector).first().text().trim();
    if (/^\d{1,15}$/.test(text)) return Number(text);
  }
  return null;
}

/** `.text()` keeps the order of words around `hlword`. */
function readResult($: Query, doc: Selection, position: number): SearchResult[] {
  const lineOf = (selector: string): string | null => oneLine(doc.children(selector).first().text());
  const url = lineOf("url");
  if (url === null || !URL.canParse(url)) return [];
  const passages = doc
    .children("passages")
    .children("passage")
    .toArray()
    .flatMap(passage => oneLine($(passage).text()) ?? []);
  const text = passages.length > 0 ? passages.join("\n") : (lineOf("headline") ?? "");
  return [{ url, position, title: lineOf("title"), text }];
}
