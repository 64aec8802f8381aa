import { describe, expect, it } from "vitest";
import { EgressError } from "#net/faults.ts";
import { createRobots } from "#net/robots.ts";
import { isAllowed, parseRobots } from "#net/robots-rules.ts";

const page = new URL("https://forum.test/viewtopic.php?t=1");
const signal = new AbortController().signal;
const hourMs = 3_600_000;

function robotsWith(answers: ({ status: number; text?: string } | Error)[]) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const robots = createRobots({
    agent: "Molva/1.0",
    now: () => clock.now,
    ask: async url => {
      asked.push(url.href);
      const answer = answers[Math.min(asked.length, answers.length) - 1]!;
      if (answer instanceof Error) throw answer;
      return { status: answer.status, body: Buffer.from(answer.text ?? "") };
    },
  });
  return { clock, asked, judge: (url = page) => robots.judge(url, signal) };
}

const forbidding = "User-agent: *\nDisallow: /";

describe("the status of robots.txt", () => {
  it.each([
    [200, "disallowed"],
    [304, "allowed"],
    [401, "allowed"],
    [403, "allowed"],
    [404, "allowed"],
    [410, "allowed"],
    [429, "unreachable"],
    [500, "unreachable"],
    [503, "unreachable"],
  ])("%i makes a page %s", async (status, verdict) => {
    expect((await robotsWith([{ status, text: forbidding }]).judge()).verdict).toBe(verdict);
  });

  it("absent because nobody answers forbids everything", async () => {
    expect((await robotsWith([new Error("no route")]).judge()).verdict).toBe("unreachable");
  });

  it("of a refused address is no matter of robots.txt", async () => {
    await expect(robotsWith([new EgressError()]).judge()).rejects.toThrow(EgressError);
  });
});

describe("a robots.txt in memory", () => {
  it("serves its origin for a day and not longer", async () => {
    const { clock, asked, judge } = robotsWith([{ status: 200, text: forbidding }]);
    await judge();
    clock.now = 24 * hourMs - 1;
    await judge();
    expect(asked).toEqual(["https://forum.test/robots.txt"]);
    clock.now = 24 * hourMs;
    await judge();
    expect(asked).toHaveLength(2);
  });

  it("serves one origin: another port has its own", async () => {
    const { asked, judge } = robotsWith([{ status: 200 }]);
    await judge();
    await judge(new URL("https://forum.test:8443/"));
    expect(asked).toEqual(["https://forum.test/robots.txt", "https://forum.test:8443/robots.txt"]);
  });

  it("still holds when a later one cannot be read, and that one is asked again soon", async () => {
    const { clock, asked, judge } = robotsWith([
      { status: 200, text: forbidding },
      { status: 500 },
      { status: 200 },
    ]);
    await judge();
    clock.now = 25 * hourMs;
    expect((await judge()).verdict).toBe("disallowed");
    clock.now = 26 * hourMs;
    expect((await judge()).verdict).toBe("allowed");
    expect(asked).toHaveLength(3);
  });
});

describe("Crawl-delay", () => {
  it.each([
    ["10", 10_000],
    ["0.5", 500],
    ["86400", 60_000],
    ["soon", 0],
    ["-5", 0],
  ])("of %s is %i ms", async (value, ms) => {
    const { judge } = robotsWith([{ status: 200, text: `User-agent: *\nCrawl-delay: ${value}` }]);
    expect((await judge()).crawlDelayMs).toBe(ms);
  });
});

const allows = (text: string, path: string, agent = "Molva/1.0"): boolean =>
  isAllowed(parseRobots(Buffer.from(text), agent), `https://forum.test${path}`);

describe("rules", () => {
  it("of the agent's own group replace those for all", () => {
    const text = "User-agent: *\nDisallow: /\n\nUser-agent: molva\nDisallow: /private";
    expect([allows(text, "/topic"), allows(text, "/private/1"), allows(text, "/topic", "Other")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("end with the longest, allowed between equals", () => {
    const text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /same\nDisallow: /same";
    expect(["/a", "/a/b", "/a/b/c", "/same"].map(path => allows(text, path))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it("match wildcards and ends", () => {
    const text = "User-agent: *\nDisallow: /*.php$\nDisallow: /*?sid=\nDisallow: /b*c*d";
    const paths = ["/x.php", "/x.php?t=1", "/x?sid=9", "/b-c-d-e", "/b-d-c"];
    expect(paths.map(path => allows(text, path))).toEqual([false, true, false, false, true]);
  });

  it("match Cyrillic paths however they are written", () => {
    expect(allows("User-agent: *\nDisallow: /отзывы", "/%d0%be%d1%82%d0%b7%d1%8b%d0%b2%d1%8b/1")).toBe(false);
  });

  it.each(["<!DOCTYPE html>\nUser-agent: *\nDisallow: /", "\n <html>Disallow: /"])(
    "are not looked for in a web page",
    text => {
      expect(allows(text, "/")).toBe(true);
    },
  );

  it("beyond 500 KiB are not read, those within are", () => {
    const filler = `#${"x".repeat(1023)}\n`.repeat(499);
    expect(allows(`${filler}User-agent: *\nDisallow: /`, "/")).toBe(false);
    expect(allows(`${filler.repeat(2)}User-agent: *\nDisallow: /`, "/")).toBe(true);
  });

  it.each([
    ["many stars", `User-agent: *\nDisallow: /${"*a".repeat(250_000)}`],
    ["many rules", `User-agent: *\n${"Disallow: *a*b*c*d\n".repeat(26_000)}`],
    ["many agents", `${"User-agent: *\n".repeat(17_000)}${"Disallow: /x*y\n".repeat(17_000)}`],
    ["much white space", `a${" ".repeat(4000)}b\n`.repeat(120)],
  ])("written to hurt (%s) are read in no time", (_name, text) => {
    const startedAt = performance.now();
    allows(text, `/${"a".repeat(8000)}`);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
