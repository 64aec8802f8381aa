import { parentPort } from "node:worker_threads";
import { BlockedError } from "#domain/errors.ts";
import { answerTask } from "#pipeline/parse-answer.ts";
import { parseReply } from "#pipeline/parse-reply.ts";
import type { ParseAnswer, ParseTask } from "#pipeline/parse-task.ts";
import type { AnySourceKind, Page, SourceReply } from "#sources/define.ts";
import { loadHtml, textOf } from "#sources/html.ts";
import { readJson } from "#sources/json.ts";
import { loadXml } from "#sources/xml.ts";

/** A parsing thread like the real one, with kinds that behave in ways no real kind should. */
const item = (text: string): Page => ({ items: [{ externalId: "1", kind: "review", text }] });

const kinds: Record<string, (reply: SourceReply) => Page> = {
  plain: ({ body }) => item(body),
  html: ({ body }) => item(textOf(loadHtml(body).root())),
  xml: ({ body }) => item(loadXml(body).root().text()),
  json: ({ body }) => item(JSON.stringify(readJson(body))),
  endless: () => {
    for (;;);
  },
  hungry: () => {
    const heap: string[][] = [];
    for (;;) heap.push(new Array<string>(100_000).fill("x"));
  },
  blocked: () => {
    throw new BlockedError("The site shows a captcha.", { retry: { afterMs: 1234 } });
  },
  careless: () => (undefined as unknown as { list: Page }).list,
  "wrong-item": () => ({ items: [{ externalId: "1", kind: "review", text: 5 as unknown as string }] }),
  dirty: () => ({
    items: [{ externalId: "1", kind: "review", text: "a\0b\uD83D" }],
    cursor: { last: "\0x" },
  }),
};

parentPort?.on("message", (task: ParseTask) => {
  const kind = { id: task.kindId, parse: kinds[task.kindId] } as unknown as AnySourceKind;
  const answer: ParseAnswer = answerTask(() => parseReply(kind, task));
  parentPort?.postMessage(answer);
});
parentPort?.postMessage("ready");
