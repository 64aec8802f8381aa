/*
 * One contract for every source kind. Adding a kind needs no code here, only
 *
 * 1. `src/sources/<id>.ts`, the one file that calls `defineSource`, and a line in `registry.ts`;
 * 2. our own synthetic replies in `tests/sources/fixtures/<id>/` (any extension; nothing copied from a site):
 *
 *    ordinary.*   items of every sort the kind yields, at least two; more of them as `ordinary-<what>.*`
 *    empty.*      the site honestly says that there is nothing: no items, no error
 *    undated.*    like ordinary, without any date (and, if the format can, without author): dates become null
 *    blocked.*    a captcha, a login wall, a refused key: BlockedError or QuotaError
 *    changed.*    the same page after a redesign: SourceChangedError
 *
 *    Each may have variants `<family>-<what>.*`, and beside it `<name>.meta.json` with any of
 *    `status`, `headers`, `url`, `step`, `state` (of the request that is answered; by default the first request
 *    of a run), `settings`, `cursor`, `now`, `items` (how many an ordinary reply holds, by hand), and `relativeDates: true` when the page prints "вчера".
 *    In a replayed run a follow-up request is answered by the `ordinary-*` fixture with the same `url`, else by
 *    a not yet used one with the same `step`; one without a fixture is not followed.
 *
 * `refuseUnlessOk` (refusal.ts) turns refused statuses and challenge pages into these errors.
 *
 * Push kinds have neither request nor parse and are exempt from the second half.
 */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BlockedError, InputError, MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import type { AnySourceKind, Page, SourceRequest } from "#sources/define.ts";
import { findSourceKind, sourceKinds } from "#sources/registry.ts";
import { type Fixture, fixtures, itemsOf, parseFixture } from "./fixture.ts";
import { replay } from "./replay.ts";

const folder = fileURLToPath(new URL("../../src/sources/", import.meta.url));
const definesKind = (file: string): boolean =>
  /= defineSource(?:<[^(]*>)?\(/.test(readFileSync(folder + file, "utf8"));
const declaredIds = readdirSync(folder)
  .filter(file => file.endsWith(".ts") && file !== "define.ts" && definesKind(file))
  .map(file => file.replace(/\.ts$/, ""));

describe("registry", () => {
  test("lists exactly the files that define a kind, each under its own name", () => {
    expect(sourceKinds.map(kind => kind.id).toSorted()).toEqual(declaredIds.toSorted());
  });

  test("names the nearest ids when asked for an unknown one", () => {
    const first = sourceKinds[0]?.id ?? "";
    expect(() => findSourceKind(`${first}x`)).toThrow(InputError);
    expect(() => findSourceKind(`${first}x`)).toThrow(first);
    expect(findSourceKind(first).id).toBe(first);
  });
});

describe.each(sourceKinds.map(kind => [kind.id, kind] as const))("%s", (_, kind) => {
  test("declares facts that hold for its example", () => {
    const settings = kind.settings.parse(kind.example.settings);
    if (kind.credentials) expect(() => kind.credentials?.parse(kind.example.credentials)).not.toThrow();
    expect(kind.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect([kind.title.en, kind.title.ru].every(title => title.length > 2)).toBe(true);
    expect(kind.title.ru).toMatch(/[а-яё]|^[A-Za-z. ]+$/i);
    expect(kind.homepage).toMatch(/^https:\/\//);
    expect(kind.every).toMatch(/^[1-9]\d*[mhd]$/);
    expect(kind.staleAfter).toMatch(/^[1-9]\d*[hd]$/);
    expect(kind.yields.length).toBeGreaterThan(0);
    expect(kind.site(settings).length).toBeGreaterThan(0);
    if (kind.via !== "push") expect(kind.hosts(settings).length).toBeGreaterThan(0);
  });
});

const readingKinds = sourceKinds.filter(kind => kind.via !== "push");

describe.each(readingKinds.map(kind => [kind.id, kind] as const))("%s", (_, kind) => {
  const ordinary = fixtures(kind.id, "ordinary");
  afterEach(() => vi.useRealTimers());

  test("has its own ordinary, empty, undated, blocked and changed replies", () => {
    for (const family of ["ordinary", "empty", "undated", "blocked", "changed"])
      expect(fixtures(kind.id, family), `${kind.id}/${family}.*`).not.toEqual([]);
  });

  test("yields valid items of the declared kinds with unique identities", () => {
    const items = ordinary.flatMap(fixture => {
      const found = itemsOf(parseFixture(kind, fixture));
      expect(new Set(found.map(item => item.externalId)).size, fixture.name).toBe(found.length);
      if (fixture.meta.items !== undefined) expect(found.length, fixture.name).toBe(fixture.meta.items);
      return found;
    });
    expect(items.length).toBeGreaterThanOrEqual(2);
    for (const item of items) expect(kind.yields).toContain(item.kind);
  });

  test("reads an honest emptiness as no items, not as a failure", () => {
    for (const fixture of fixtures(kind.id, "empty")) expect(parseFixture(kind, fixture).items).toEqual([]);
  });

  test("invents no date", () => {
    for (const fixture of fixtures(kind.id, "undated")) {
      const items = itemsOf(parseFixture(kind, fixture));
      expect(items.length).toBeGreaterThan(0);
      for (const item of items)
        expect([item.publishedAt, item.editedAt, item.answer?.publishedAt ?? null]).toEqual([
          null,
          null,
          null,
        ]);
    }
  });

  test("reads the same from the same reply, whatever the clock says", () => {
    vi.useFakeTimers({ now: new Date("2001-01-01") });
    const before = ordinary.map(fixture => parseFixture(kind, fixture));
    vi.setSystemTime(new Date("2044-12-31"));
    expect(ordinary.map(fixture => parseFixture(kind, fixture))).toEqual(before);
    for (const fixture of ordinary.filter(one => !one.meta.relativeDates)) {
      const later = parseFixture(kind, fixture, { ask: { now: new Date("2027-08-01T00:00:00Z") } });
      expect(later.items).toEqual(parseFixture(kind, fixture).items);
    }
  });

  test("names a blocked reply", () => {
    for (const fixture of fixtures(kind.id, "blocked")) {
      const error = errorOf(() => parseFixture(kind, fixture));
      expect(error instanceof BlockedError || error instanceof QuotaError, `${fixture.name}: ${error}`).toBe(
        true,
      );
    }
  });

  test("names a changed layout", () => {
    for (const fixture of fixtures(kind.id, "changed"))
      expect(
        errorOf(() => parseFixture(kind, fixture)),
        fixture.name,
      ).toBeInstanceOf(SourceChangedError);
  });

  test.each(Object.entries(nonsense))("takes nonsense (%s) for a failure", (_name, body) => {
    for (const fixture of ordinary) {
      const error = errorOf(() => parseFixture(kind, fixture, { reply: { body } }));
      expect(
        error instanceof SourceChangedError || error instanceof BlockedError,
        `${fixture.name}: ${error}`,
      ).toBe(true);
    }
  });

  test("never takes a half of a reply for the whole", () => {
    for (const fixture of ordinary) expectHalfIsNoticed(kind, fixture);
  });

  test.each([401, 403, 429, 500, 503])("reads no items from status %d", status => {
    for (const fixture of ordinary) {
      const error = errorOf(() =>
        parseFixture(kind, fixture, { reply: { status, body: nonsense["a page"] } }),
      );
      expect(error).toBeInstanceOf(MolvaError);
    }
  });

  test("answers any damage with items or a named error", () => {
    for (const fixture of ordinary)
      fc.assert(
        fc.property(damage(fixture.body), body => readOrRefuse(kind, fixture, body)),
        { numRuns: 30 },
      );
  });

  test("moves its cursor forward and stops when nothing is new", () => {
    const first = replay(kind, ordinary, null);
    const again = replay(kind, ordinary, first.cursor);
    expect(again.cursor).toEqual(first.cursor);
    expect(again.requests.length).toBeLessThanOrEqual(first.requests.length);
    expect(first.ids).toEqual(expect.arrayContaining(again.ids));
  });

  test("asks only the hosts that it declares, without secrets before authorize", () => {
    const settings = kind.settings.parse(kind.example.settings);
    const secrets = stringsIn(kind.example.credentials).filter(text => text.length >= 6);
    const requests = replay(kind, ordinary, null).requests;
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) {
      expect(kind.hosts(settings)).toContain(new URL(request.url).hostname);
      for (const secret of secrets) expect(JSON.stringify(request)).not.toContain(secret);
      expectAuthorized(kind, request, secrets);
    }
  });
});

const nonsense = {
  nothing: "",
  blanks: " \n\t ",
  "a page": "<!doctype html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>",
  "broken JSON": '{"data": [',
  "JSON null": "null",
  "an empty object": "{}",
  "a list of numbers": "[1, 2]",
  "other XML": '<?xml version="1.0"?><note><to>you</to></note>',
};

function errorOf(read: () => unknown): unknown {
  try {
    const value = read();
    return new Error(`read without an error: ${JSON.stringify(value).slice(0, 200)}`);
  } catch (error) {
    return error;
  }
}

/** JSON and XML that end too early must be refused; of a cut HTML page only the last item may differ. */
function expectHalfIsNoticed(kind: AnySourceKind, fixture: Fixture): void {
  const half = fixture.body.slice(0, Math.floor(fixture.body.length / 2));
  const strict = /^\s*(?:[[{]|<\?xml|<rss|<feed)/.test(half);
  let page: Page;
  try {
    page = parseFixture(kind, fixture, { reply: { body: half } });
  } catch (error) {
    expect(error, fixture.name).toBeInstanceOf(MolvaError);
    return;
  }
  expect(strict, `${fixture.name}: half of the reply was read as a whole one`).toBe(false);
  const whole = itemsOf(parseFixture(kind, fixture));
  expect(whole).toEqual(expect.arrayContaining(itemsOf(page).slice(0, -1)));
}

/** A body with one slice removed, repeated or replaced by hostile characters. */
function damage(body: string): fc.Arbitrary<string> {
  const filling = fc.constantFrom(
    "",
    "\u0000",
    "<",
    "]]>",
    '"',
    "{}",
    "null",
    "-1e999",
    "\ud83d",
    "&#x110000;",
    "a".repeat(300),
  );
  return fc
    .tuple(fc.nat(body.length), fc.nat(200), filling)
    .map(([start, length, text]) => body.slice(0, start) + text + body.slice(start + length));
}

function readOrRefuse(kind: AnySourceKind, fixture: Fixture, body: string): void {
  try {
    itemsOf(parseFixture(kind, fixture, { reply: { body } }));
  } catch (error) {
    if (!(error instanceof MolvaError)) throw error;
  }
}

function expectAuthorized(kind: AnySourceKind, request: SourceRequest, secrets: readonly string[]): void {
  if (kind.authorize === undefined) return;
  const authorized = kind.authorize(request, kind.credentials?.parse(kind.example.credentials));
  expect(new URL(authorized.url).hostname).toBe(new URL(request.url).hostname);
  expect(secrets.some(secret => JSON.stringify(authorized).includes(secret))).toBe(true);
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(stringsIn) : [];
}
