import { MolvaError } from "#domain/errors.ts";
import type { Parsed, ParseTask } from "./parse-task.ts";
import { ParseWorker } from "./parse-worker.ts";

export type { ParseTask } from "./parse-task.ts";

export interface ParsePool {
  /** Rejects with the errors of the kind, and with `TooMuchError` for a reply that takes too long or too much memory. */
  parse(task: ParseTask): Promise<Parsed>;
  close(): Promise<void>;
}

export interface ParsePoolOptions {
  threadCount?: number;
  /** A thread that reads one reply for longer is killed; at most 5,000. */
  timeoutMs?: number;
  maxHeapMb?: number;
  /** The thread's entry, `parse-thread.ts` unless said otherwise. */
  entry?: URL;
}

interface Job {
  task: ParseTask;
  resolve: (parsed: Parsed) => void;
  reject: (error: Error) => void;
}

/** Threads that read replies off the main loop: started when first needed, killed when stuck, then replaced. */
export function createParsePool(options: ParsePoolOptions = {}): ParsePool {
  const { threadCount = 1, maxHeapMb = 256, entry = new URL("./parse-thread.ts", import.meta.url) } = options;
  const timeoutMs = Math.min(options.timeoutMs ?? 2000, 5000);
  const waiting: Job[] = [];
  const threads = Array.from({ length: threadCount }, () => new ParseWorker({ entry, timeoutMs, maxHeapMb }));
  let isClosed = false;

  function assign(): void {
    const thread = threads.find(each => each.isFree);
    const job = thread === undefined ? undefined : waiting.shift();
    if (thread === undefined || job === undefined) return;
    thread.run(job.task).then(job.resolve, job.reject).finally(assign);
    assign();
  }

  return {
    parse: task =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(closedError());
        waiting.push({ task, resolve, reject });
        assign();
      }),
    close: async () => {
      isClosed = true;
      for (const job of waiting.splice(0)) job.reject(closedError());
      await Promise.all(threads.map(thread => thread.stop()));
    },
  };
}

function closedError(): MolvaError {
  return new MolvaError("stopping", "The program is stopping; the reply was not read.");
}
