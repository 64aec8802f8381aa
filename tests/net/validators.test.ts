import { describe, expect, it } from "vitest";
import { conditionalHeaders, type Stored, storedFrom, updateStored } from "#net/validators.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";

describe("conditional requests", () => {
  it("ask by ETag alone when there is one", () => {
    const stored = { headers: { etag: '"a"', "last-modified": "Wed, 01 Jan 2020 00:00:00 GMT" } };
    expect(conditionalHeaders(stored)).toEqual({ "if-none-match": '"a"' });
  });

  it("ask by date without one, in the server's own spelling", () => {
    const stored = { headers: { "last-modified": "Wednesday, 01-Jan-20 00:00:00 GMT" } };
    expect(conditionalHeaders(stored)).toEqual({ "if-modified-since": "Wednesday, 01-Jan-20 00:00:00 GMT" });
  });

  it.each([null, { headers: {} }, { headers: { etag: "" } }])(
    "ask for everything when %j is known",
    stored => {
      expect(conditionalHeaders(stored)).toEqual({});
    },
  );
});

describe("what is kept of a reply", () => {
  it.each([
    [200, { etag: '"a"' }, true],
    [200, { "last-modified": "Wed, 01 Jan 2020 00:00:00 GMT" }, true],
    [200, { "content-type": "text/html" }, false],
    [200, { etag: '"a"', "cache-control": "private, No-Store" }, false],
    [404, { etag: '"a"' }, false],
  ])("%i with %j: %s", (status, headers, isKept) => {
    expect(storedFrom(status, headers) !== null).toBe(isKept);
  });
});

type Header = [name: string, value: string | number, checked?: boolean];

interface Exchange {
  request_headers?: Header[];
  response_headers?: Header[];
  expected_type?: string;
  expected_request_headers?: Header[];
  expected_response_headers?: Header[];
}

interface Case {
  id: string;
  name: string;
  kind?: "required" | "optimal" | "check";
  requests: Exchange[];
}

const now = Date.parse("2026-01-15T12:00:00Z");
const dateNames = new Set(["date", "expires", "last-modified", "if-modified-since"]);

describeShared("HTTP cache suite", "suites/http-cache/cache-tests.json", () => {
  const groups = readSharedJson<{ id: string; tests: Case[] }[]>("suites/http-cache/cache-tests.json");
  const casesOf = (id: string): Case[] => groups.find(group => group.id === id)?.tests ?? [];
  const generating = [...casesOf("conditional-inm"), ...casesOf("conditional-lm")].filter(generatesCondition);
  const updating = casesOf("update304").filter(each => (each.kind ?? "required") === "required");

  it("has the cases this client is held to", () => {
    expect(generating.map(each => each.id)).toEqual([
      "conditional-etag-vary-headers",
      "conditional-etag-vary-headers-mismatch",
      "conditional-etag-strong-generate",
      "conditional-etag-weak-generate-weak",
      "conditional-etag-strong-generate-unquoted",
      "conditional-lm-stale",
    ]);
    expect(updating.length).toBeGreaterThanOrEqual(7);
  });

  it.each(generating)("$id: $name", ({ requests }) => {
    const [first, second] = requests as [Exchange, Exchange];
    const sent = requestHeaders(second, storedAfter(first));
    expect(sent).toMatchObject(headersOf(second.expected_request_headers));
    if (second.expected_type === "etag_validated") expect(sent["if-none-match"]).toBeDefined();
    if (second.expected_type === "lm_validated") expect(sent["if-modified-since"]).toBeDefined();
  });

  it.each(updating)("$id: $name", ({ requests }) => {
    const [first, ...later] = requests as [Exchange, ...Exchange[]];
    let stored = storedAfter(first);
    for (const exchange of later) {
      const isValidated = exchange.expected_type?.endsWith("_validated") === true;
      if (isValidated) {
        expect(Object.keys(conditionalHeaders(stored))).toHaveLength(1);
        stored = updateStored(stored, headersOf(exchange.response_headers));
      }
      expect(stored.headers).toMatchObject(headersOf(exchange.expected_response_headers));
    }
  });
});

/** A second request for something stored, which the suite expects to go out with a condition. */
function generatesCondition({ requests }: Case): boolean {
  const [first, second] = requests;
  if (first?.response_headers === undefined || second === undefined) return false;
  const isExpected = (second.expected_request_headers ?? []).some(([name]) =>
    name.toLowerCase().startsWith("if-"),
  );
  return isExpected || second.expected_type?.endsWith("_validated") === true;
}

function storedAfter(exchange: Exchange): Stored {
  return storedFrom(200, headersOf(exchange.response_headers))!;
}

function requestHeaders(exchange: Exchange, stored: Stored): Record<string, string> {
  return { ...headersOf(exchange.request_headers), ...conditionalHeaders(stored) };
}

/** Numbers stand for dates, in seconds from now. */
function headersOf(headers: Header[] = []): Record<string, string> {
  return Object.fromEntries(
    headers.map(([name, value]) => {
      const isDate = typeof value === "number" && dateNames.has(name.toLowerCase());
      return [name.toLowerCase(), isDate ? new Date(now + value * 1000).toUTCString() : String(value)];
    }),
  );
}
