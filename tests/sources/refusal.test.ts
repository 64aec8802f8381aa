import { describe, expect, test } from "vitest";
import { BlockedError, MolvaError, QuotaError, SourceChangedError } from "#domain/errors.ts";
import type { SourceReply } from "#sources/define.ts";
import { refuseUnlessOk } from "#sources/refusal.ts";

const now = new Date("2026-05-20T12:00:00Z");

const reply = (changes: Partial<SourceReply>): SourceReply => ({
  request: { url: "https://forum.example/page" },
  url: "https://forum.example/page",
  status: 200,
  headers: {},
  body: "<!doctype html><title>Forum</title>",
  ...changes,
});

function refusal(changes: Partial<SourceReply>): MolvaError {
  try {
    refuseUnlessOk(reply(changes), now);
  } catch (error) {
    if (error instanceof MolvaError) return error;
  }
  throw new Error("was not refused");
}

describe("a reply that is not the page", () => {
  test.each([401, 403, 407, 451])("status %d is a block", status => {
    expect(refusal({ status })).toBeInstanceOf(BlockedError);
  });

  test("429 waits as long as the site says, in seconds or until a date, at most a day", () => {
    const wait = (value: string): unknown =>
      refusal({ status: 429, headers: { "retry-after": value } }).retry;
    expect(wait("120")).toEqual({ afterMs: 120_000 });
    expect(wait("Wed, 20 May 2026 12:10:00 GMT")).toEqual({ afterMs: 600_000 });
    expect(wait("Wed, 20 May 2020 12:10:00 GMT")).toEqual({ afterMs: 1000 });
    expect(wait("99999999")).toEqual({ afterMs: 86_400_000 });
    expect(wait("soon")).toEqual({ afterMs: 900_000 });
    expect(refusal({ status: 429 })).toBeInstanceOf(QuotaError);
  });

  test("a page that is gone for good is not asked again by itself, a missing one is", () => {
    expect(refusal({ status: 410 })).toMatchObject({
      code: "source-gone",
      retry: "never",
      outcome: "failed",
    });
    expect(refusal({ status: 404 })).toMatchObject({ code: "source-gone", retry: "backoff" });
  });

  test("an ill site is asked later, a refused request is a change", () => {
    expect(refusal({ status: 503, headers: { "retry-after": "30" } }).retry).toEqual({ afterMs: 30_000 });
    expect(refusal({ status: 502 }).code).toBe("source-unavailable");
    expect(refusal({ status: 400 })).toBeInstanceOf(SourceChangedError);
  });

  test.each([
    ["Cloudflare", { body: "<!DOCTYPE html><html><head><title>Just a moment...</title>" }],
    ["its header", { headers: { "cf-mitigated": "challenge" } }],
    ["DDoS-Guard", { body: "<html><head><title>DDoS-Guard</title>" }],
    ["a captcha form", { body: '<!doctype html><form action="/checkcaptcha?key=1">' }],
    ["a captcha address", { url: "https://ya.example/showcaptcha?retpath=1" }],
  ])("a challenge (%s) is a block even with status 200", (_, changes) => {
    expect(refusal(changes)).toBeInstanceOf(BlockedError);
  });

  test.each([
    ["an ordinary page", {}],
    [
      "a feed that speaks of captchas",
      { body: "<rss><channel><title>g-recaptcha and DDoS-Guard</title></channel></rss>" },
    ],
    [
      "a thread about a challenge service",
      { body: "<!doctype html><title>Forum</title><p>We moved to DDoS-Guard and Qrator</p>" },
    ],
  ])("%s passes", (_, changes) => {
    expect(() => refuseUnlessOk(reply(changes), now)).not.toThrow();
  });
});
