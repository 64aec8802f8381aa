import { describe, expect, test } from "vitest";
import { BlockedError, InputError, QuotaError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import type { SourceRequest } from "#sources/define.ts";
import { yandexSearch } from "#sources/yandex-search.ts";

const settings = yandexSearch.settings.parse({
  queries: ["ромашка", "ромашка отзывы"],
  regions: [213, 2],
  devices: ["desktop", "mobile"],
  depth: 30,
});
const ask = { settings, cursor: null, progress: null, now: new Date("2026-05-20T12:00:00Z"), since: null };
const requests = (): SourceRequest[] => [yandexSearch.request?.(ask) ?? []].flat();

function read(xml: string, state: { query: string; region: string; device: string }): ItemInput[] {
  const url = "https://searchapi.api.cloud.yandex.net/v2/web/search";
  return (
    yandexSearch.parse?.({ request: { url, state }, url, status: 200, headers: {}, body: xml }, ask).items ??
    []
  );
}

const look = { query: "ромашка", region: "213", device: "desktop" };
const document = (inner: string): string =>
  `<yandexsearch version="1.0"><response>${inner}</response></yandexsearch>`;
const grouping = (page: number, groups: string): string =>
  document(`<results><grouping groups-on-page="10"><page>${page}</page>${groups}</grouping></results>`);
const group = (url: string): string => `<group><doc><url>${url}</url></doc></group>`;

describe("asking", () => {
  test("one request for each phrase, region and device", () => {
    expect(requests().length).toBe(8);
    expect(new Set(requests().map(request => JSON.stringify(request.state))).size).toBe(8);
    expect(JSON.parse(requests()[1]?.body ?? "")).toMatchObject({
      query: {
        searchType: "SEARCH_TYPE_RU",
        queryText: "ромашка",
        page: "0",
        fixTypoMode: "FIX_TYPO_MODE_OFF",
      },
      groupSpec: { groupMode: "GROUP_MODE_DEEP", groupsOnPage: "30", docsInGroup: "1" },
      region: "213",
      responseFormat: "FORMAT_XML",
      userAgent: expect.stringContaining("Mobile"),
    });
  });

  test("the key goes into the header and the folder into the body, on sending only", () => {
    const [request] = requests();
    if (request === undefined) throw new Error("no request");
    const sent = yandexSearch.authorize?.(request, { apiKey: "the-api-key-1", folderId: "b1g" });
    expect(sent?.headers).toMatchObject({
      authorization: "Api-Key the-api-key-1",
      "content-type": "application/json",
    });
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({ folderId: "b1g", region: "213" });
    expect(request.body).not.toContain("folderId");
  });
});

describe("the identity of a result", () => {
  test("is engine, phrase, region, device and address; the position is observed", () => {
    const [first] = read(grouping(0, group("https://a.example/")), look);
    const [moved] = read(grouping(2, group("https://b.example/") + group("https://a.example/")), look).slice(
      1,
    );
    expect(moved?.externalId).toBe(first?.externalId);
    expect([first?.observation?.position, moved?.observation?.position]).toEqual([1, 22]);
  });

  test("differs when any part differs, even where a phrase looks like the rest of another one", () => {
    const ids = [
      look,
      { ...look, region: "2" },
      { ...look, device: "mobile" },
      { ...look, query: "ромашка:https" },
      { ...look, query: "ромашка отзывы" },
    ].map(state => read(grouping(0, group("https://a.example/")), state)[0]?.externalId);
    expect(new Set(ids).size).toBe(5);
  });

  test("an address that stands twice is one result, at its better place", () => {
    const items = read(
      grouping(0, group("https://a.example/") + group("https://b.example/") + group("https://a.example/")),
      look,
    );
    expect(items.map(item => [item.url, item.observation?.position])).toEqual([
      ["https://a.example/", 1],
      ["https://b.example/", 2],
    ]);
  });
});

describe("errors inside a 200", () => {
  const refused = (code: number) => (): ItemInput[] =>
    read(document(`<error code="${code}">Текст ошибки</error>`), look);

  test.each([31, 33, 42, 44, 100])("%d is a block", code => {
    expect(refused(code)).toThrow(BlockedError);
  });

  test.each([
    [32, 3_600_000],
    [55, 2000],
  ])("%d waits %d ms", (code, afterMs) => {
    expect(refused(code)).toThrow(QuotaError);
    expect(refused(code)).toThrow(expect.objectContaining({ retry: { afterMs } }));
  });

  test.each([1, 2, 18, 19, 37, 48, 10002])("%d is the query's fault and not asked again", code => {
    expect(refused(code)).toThrow(InputError);
  });

  test("15 is an honest emptiness, an unknown code is tried again", () => {
    expect(refused(15)()).toEqual([]);
    expect(refused(20)).toThrow(expect.objectContaining({ retry: "backoff", code: "source-unavailable" }));
  });
});
