import { openQueue, type QueueOptions } from "#queue/open.ts";

/**
 * A worker in a process of its own, to be killed. It prints `ready`, and `start <sourceId>` for each job; `killer` kills the
 * process itself, any other job never ends.
 */
const { backend, prefix, timing } = JSON.parse(process.argv[2] ?? "") as Required<
  Pick<QueueOptions, "backend" | "prefix" | "timing">
>;
const queue = await openQueue({ backend, prefix, timing, warn: () => {}, onError: console.error });
queue.work(
  {
    collect: async ({ sourceId }) => {
      process.stdout.write(`start ${sourceId}\n`, () => {
        if (sourceId === "killer") process.kill(process.pid, "SIGKILL");
      });
      await new Promise(() => {});
    },
  },
  { concurrency: 5, onFailed: () => {}, onError: console.error },
);
console.log("ready");
