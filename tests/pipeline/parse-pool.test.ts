import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createParsePool, type ParsePool, type ParseTask } from "#pipeline/parse-pool.ts";

const entry = new URL("./sample-parse-thread.ts", import.meta.url);

const task = (
  kindId: string,
  body: string | Uint8Array = "",
  headers: Record<string, string> = {},
): ParseTask => ({
  kindId,
  bytes: typeof body === "string" ? Buffer.from(body) : body,
  headers,
  status: 200,
  url: "https://forum.test/page?key=secret",
  request: { url: "https://forum.test/page" },
  ask: { settings: {}, cursor: null, progress: null, now: new Date(0), since: null },
});

describe("parsing threads", () => {
  let pool: ParsePool;
  beforeAll(() => {
    pool = createParsePool({ entry, timeoutMs: 700, maxHeapMb: 64 });
  });
  afterAll(() => pool.close());

  it("return the page with every item complete, and leave the caller its bytes", async () => {
    const given = task("plain", "Привет");
    const { page, encoding, replacementShare } = await pool.parse(given);
    expect(page.items[0]).toMatchObject({ text: "Привет", rating: null, engagement: {}, owned: false });
    expect([page.next, page.details, page.cursor]).toEqual([null, [], undefined]);
    expect([encoding, replacementShare]).toEqual(["utf-8", 0]);
    expect(given.bytes.byteLength).toBe(12);
  });

  it("hand over our errors with code, retry and outcome", async () => {
    await expect(pool.parse(task("blocked"))).rejects.toMatchObject({
      code: "blocked",
      message: "The site shows a captcha.",
      retry: { afterMs: 1234 },
      outcome: "blocked",
    });
  });

  it("call any other error a changed layout and keep its stack for the log", async () => {
    await expect(pool.parse(task("careless"))).rejects.toMatchObject({
      outcome: "layout-changed",
      cause: expect.stringContaining("TypeError"),
    });
  });

  it("refuse the whole reply for one wrong item and name the field", async () => {
    await expect(pool.parse(task("wrong-item"))).rejects.toMatchObject({
      code: "layout-changed",
      message: expect.stringContaining("Item 1 of the reply does not fit: text:"),
    });
  });

  it("drop NUL and lone surrogates from items and cursor", async () => {
    const { page } = await pool.parse(task("dirty"));
    expect(page.items[0]?.text).toBe("ab\uFFFD");
    expect(page.cursor).toEqual({ last: "x" });
  });

  it.each(["endless", "hungry"])("end an %s reply and read the next one", async kindId => {
    const startedAt = performance.now();
    const refusal = await pool.parse(task(kindId)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "too-much", retry: "never" });
    expect(String(refusal)).not.toContain("secret");
    expect(performance.now() - startedAt).toBeLessThan(5000);
    const { page } = await pool.parse(task("plain", "ok"));
    expect(page.items[0]?.text).toBe("ok");
  });

  it("answer many at once, each its own", async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const parsed = await Promise.all(bodies.map(body => pool.parse(task("plain", body))));
    expect(parsed.map(each => each.page.items[0]?.text)).toEqual(bodies);
  });
});

describe("a closed pool", () => {
  it("reads nothing more", async () => {
    const pool = createParsePool({ entry });
    await pool.close();
    await expect(pool.parse(task("plain"))).rejects.toMatchObject({ code: "stopping" });
  });

  it("ends the thread that is starting and refuses what was waiting", async () => {
    const pool = createParsePool({ entry, timeoutMs: 5000 });
    const running = pool.parse(task("endless")).catch((error: { code: string }) => error.code);
    const waiting = pool.parse(task("plain")).catch((error: { code: string }) => error.code);
    await pool.close();
    expect(await Promise.all([running, waiting])).toEqual(["thread-ended", "stopping"]);
  });
});

describe("a thread that cannot start", () => {
  it("fails its reply and is tried again with the next", async () => {
    const pool = createParsePool({ entry: new URL("./no-such-thread.ts", import.meta.url) });
    await expect(pool.parse(task("plain"))).rejects.toThrow("no-such-thread");
    await expect(pool.parse(task("plain"))).rejects.toThrow("no-such-thread");
    await pool.close();
  });
});

describe("the real parsing thread", () => {
  it("knows the registry", async () => {
    const pool = createParsePool({});
    await expect(pool.parse(task("no-such-kind"))).rejects.toMatchObject({ code: "invalid-input" });
    await pool.close();
  });
});
