import { Worker } from "node:worker_threads";
import { MolvaError } from "#domain/errors.ts";
import type { ToneInput, ToneResult } from "#tone/define.ts";
import type { createScorer } from "#tone/scorer.ts";
import type { ScoreAll } from "./score.ts";

export interface ScorePool {
  scoreAll: ScoreAll;
  close(): Promise<void>;
}

export interface ScorePoolOptions {
  /** What the scorer is made of. */
  model: Parameters<typeof createScorer>;
  /** Scores a few short texts at once: asking the thread would cost more. */
  scoreHere: ScoreAll;
  /** A batch that takes longer ends the thread; far more than the largest batch needs. */
  timeoutMs?: number;
  /** The thread's entry, `score-thread.ts` unless said otherwise. */
  entry?: URL;
}

/** What about twenty ordinary texts have: a millisecond of work, where the thread costs as much to ask. */
const fewUnits = 6_000;
const longestBatchMs = 20_000;

interface Waiting {
  resolve: (tones: ToneResult[]) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** One thread that scores batches off the main loop: started by the first, replaced after it died. */
export function createScorePool(options: ScorePoolOptions): ScorePool {
  const { model, timeoutMs = longestBatchMs } = options;
  const entry = options.entry ?? new URL("./score-thread.ts", import.meta.url);
  const waiting = new Map<number, Waiting>();
  let thread: Worker | null = null;
  let lastId = 0;
  let isClosed = false;

  function giveUp(dead: Worker, why: string): void {
    if (thread !== dead) return;
    thread = null;
    void dead.terminate();
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(new MolvaError("thread-ended", `${why}; the texts are scored again later.`));
    }
    waiting.clear();
  }

  function start(): Worker {
    const started = new Worker(entry, { workerData: model });
    started.on("message", ({ id, tones }: { id: number; tones: string }) => {
      const asked = waiting.get(id);
      if (asked === undefined) return;
      waiting.delete(id);
      clearTimeout(asked.timer);
      if (waiting.size === 0) started.unref();
      asked.resolve(JSON.parse(tones) as ToneResult[]);
    });
    started.on("error", () => giveUp(started, "The thread that scores texts has failed"));
    started.on("exit", () => giveUp(started, "The thread that scores texts has ended"));
    return started;
  }

  function ask(inputs: readonly ToneInput[]): Promise<ToneResult[]> {
    thread ??= start();
    const asked = thread;
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      const timer = setTimeout(
        () => giveUp(asked, `Scoring ${inputs.length} texts took longer than ${timeoutMs} ms`),
        timeoutMs,
      );
      waiting.set(id, { resolve, reject, timer });
      asked.ref();
      asked.postMessage({ id, inputs });
    });
  }

  return {
    scoreAll: async inputs => {
      if (isClosed) throw new MolvaError("stopping", "The program is stopping; the texts were not scored.");
      const units = inputs.reduce((sum, { text }) => sum + text.length, 0);
      return units <= fewUnits ? options.scoreHere(inputs) : ask(inputs);
    },
    close: async () => {
      isClosed = true;
      if (thread !== null) giveUp(thread, "The program is stopping");
    },
  };
}
