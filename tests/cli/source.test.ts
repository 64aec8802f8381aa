import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Net, NetRequest } from "#net/client.ts";
import { runCommand } from "./terminal.ts";

const dir = mkdtempSync(join(tmpdir(), "molva-source-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A network of one reply that remembers what it was asked. */
function oneReply(body: string | Uint8Array, headers: Record<string, string> = {}) {
  const asked: NetRequest[] = [];
  const net: Net = {
    fetch: async request => {
      asked.push(request);
      const bytes = Buffer.from(body as string);
      const rest = { notModified: false, stored: null, retryAfterMs: null, redirectCount: 0, durationMs: 1 };
      return { url: request.url, status: 200, headers, body: bytes, ...rest };
    },
    post: async () => {
      throw new Error("nothing is posted");
    },
    mayAsk: () => true,
    close: async () => {},
  };
  return { net, asked };
}

const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>Город</title>
<item><guid>g-1</guid><title>Кофейня закрылась</title><description>Совсем &amp; навсегда</description>
<link>https://news.test/1</link><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>`;
const settings = JSON.stringify({ url: "https://news.test/rss.xml" });

describe("source try", () => {
  it("asks once and prints the items", async () => {
    const { net, asked } = oneReply(feed, { "content-type": "application/rss+xml" });
    const { out } = await runCommand(["source", "try", "rss-feed", "--settings", settings, "--json"], {
      net,
    });
    expect(asked.map(({ url }) => url)).toEqual(["https://news.test/rss.xml"]);
    expect(JSON.parse(out).items).toMatchObject([
      { externalId: "g-1", title: "Кофейня закрылась", publishedAt: "2026-11-20T09:00:00.000Z" },
    ]);
    const told = await runCommand(["source", "try", "rss-feed", "--settings", settings], { net });
    expect(told.out).toContain("2026-11-20T09:00:00.000Z · news");
    expect(told.out).toContain("Кофейня закрылась: Совсем & навсегда");
  });

  it("keeps the reply with every form of the secrets removed", async () => {
    const token = "eyJhbGciOiJFUzI1NiJ9.example.signature";
    const body = JSON.stringify({
      data: { feedbacks: [], countUnanswered: 0, countArchive: 0 },
      error: false,
      echo: [token, Buffer.from(token).toString("base64"), "имя"],
    });
    const { net, asked } = oneReply(body, { "set-cookie": "session=1", "x-echo": `Bearer ${token}` });
    await runCommand(
      [
        "source",
        "try",
        "wildberries-seller",
        "--settings",
        "{}",
        "--credentials",
        JSON.stringify({ token }),
        "--record",
        dir,
      ],
      { net },
    );
    expect(JSON.stringify(asked)).toContain(token);
    expect(readdirSync(dir).toSorted()).toEqual(["wildberries-seller-1.body", "wildberries-seller-1.json"]);
    const kept = readdirSync(dir).map(name => readFileSync(join(dir, name), "utf8"));
    expect(kept.join()).not.toMatch(/eyJ|ZXlK|session=/);
    expect(JSON.parse(kept[0] as string)).toMatchObject({ error: false, echo: ["***", "***", "имя"] });
  });

  it.each([
    ["an unknown kind", ["rss-fed", "--settings", "{}"], /Nearest: rss-feed/],
    ["no JSON", ["rss-feed", "--settings", "{url}"], /--settings is no JSON/],
    ["a wrong setting", ["rss-feed", "--settings", '{"ulr":1}'], /settings/],
    ["missing credentials", ["wildberries-seller", "--settings", "{}"], /credentials/],
    ["a kind that is sent to", ["push", "--settings", "{}"], /texts are sent to it/],
  ])("says what is wrong with %s", async (_what, args, message) => {
    await expect(runCommand(["source", "try", ...args])).rejects.toThrow(message);
  });
});
