import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, SourceRequest } from "#sources/define.ts";
import { phpbbForum as kind } from "#sources/phpbb-forum.ts";
import { Board } from "./board.ts";

/** One run; `during` is called before each request, so that people may write while the run reads. */
function run(board: Board, settings: object, cursor: Json, during: () => void = () => undefined) {
  const ask = {
    settings: kind.settings.parse({ baseUrl: "https://forum.example.org/", maxPages: 200, ...settings }),
    cursor,
    progress: null as Json,
    now: new Date("2026-05-20T12:00:00Z"),
    since: null,
  };
  const seen = new Set<number>();
  const waiting: SourceRequest[] = [kind.request!(ask)].flat();
  let asked = 0;
  for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
    during();
    asked += 1;
    if (asked > 500) throw new Error("the run does not end");
    const page = kind.parse!(board.serve(request), ask);
    for (const item of page.items) seen.add(Number(item.externalId));
    ask.progress = page.cursor ?? ask.progress;
    waiting.unshift(...(page.next ? [page.next] : []), ...(page.details ?? []));
  }
  return { seen, cursor: ask.progress ?? cursor, asked };
}

const topics = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 7 });
const modes = [
  ["lists", true, { via: "html" }],
  ["lists of named forums", true, { via: "html", forums: [1, 2] }],
  ["a feed and the threads it names", true, { via: "both" }],
  ["lists, where the board has no feed", false, { via: "both" }],
] as const;

describe.each(modes)("reading by %s", (_, hasFeed, settings) => {
  test("misses no post, whenever it is written", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(topics, topics), { minLength: 1, maxLength: 3 }), rounds => {
        const board = new Board(hasFeed);
        board.write(1);
        board.write(2);
        const seen = new Set<number>();
        let cursor: Json = null;
        for (const [between, during] of [...rounds, [[], []] as const]) {
          for (const topic of between) board.write(topic);
          const writing = [...during];
          const result = run(board, settings, cursor, () => {
            const topic = writing.shift();
            if (topic !== undefined) board.write(topic);
          });
          for (const id of result.seen) seen.add(id);
          cursor = result.cursor;
        }
        for (const id of run(board, settings, cursor).seen) seen.add(id);
        expect([...seen].toSorted((a, b) => a - b)).toEqual(board.posts.map(post => post.id));
      }),
      { numRuns: 15 },
    );
  });

  test("asks no threads when nothing is new", () => {
    const board = new Board(hasFeed);
    for (let topic = 1; topic <= 12; topic += 1) board.write(topic);
    const { cursor } = run(board, settings, null);
    const again = run(board, settings, cursor);
    expect(again.seen.size).toBe(0);
    expect(again.asked).toBeLessThanOrEqual(4);
  });
});
