import { parentPort } from "node:worker_threads";
import { findSourceKind } from "#sources/registry.ts";
import { answerTask } from "./parse-answer.ts";
import { parseReply } from "./parse-reply.ts";
import type { ParseTask } from "./parse-task.ts";

/** The entry of a parsing thread: one task in, one answer out, nothing kept between them. */
parentPort?.on("message", (task: ParseTask) => {
  parentPort?.postMessage(answerTask(() => parseReply(findSourceKind(task.kindId), task)));
});
parentPort?.postMessage("ready");
