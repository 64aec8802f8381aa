import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { MolvaError, TooMuchError } from "#domain/errors.ts";
import type { ParseAnswer, Parsed, ParseProblem, ParseTask } from "./parse-task.ts";

export interface ParseWorkerOptions {
  entry: URL;
  timeoutMs: number;
  maxHeapMb: number;
}

const longestStartMs = 30_000;

/** One thread that reads replies one by one: started by its first task, ended by a stuck one, then started anew. */
export class ParseWorker {
  readonly #options: ParseWorkerOptions;
  /** Pending while the thread starts, so that stopping in between does not lose it. */
  #thread: Promise<Worker> | null = null;
  #isFree = true;

  constructor(options: ParseWorkerOptions) {
    this.#options = options;
  }

  get isFree(): boolean {
    return this.#isFree;
  }

  async run(task: ParseTask): Promise<Parsed> {
    this.#isFree = false;
    try {
      this.#thread ??= this.#start();
      const answer = await this.#ask(await this.#thread, task);
      if ("parsed" in answer) return answer.parsed;
      throw revived(answer.problem);
    } finally {
      this.#isFree = true;
    }
  }

  async stop(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await (await thread?.catch(() => null))?.terminate();
  }

  async #start(): Promise<Worker> {
    try {
      return await started(this.#options);
    } catch (error) {
      this.#thread = null;
      throw error;
    }
  }

  async #ask(thread: Worker, task: ParseTask): Promise<ParseAnswer> {
    const { timeoutMs } = this.#options;
    const listening = new AbortController();
    const timeout = AbortSignal.timeout(timeoutMs);
    thread.ref();
    try {
      const heard = once(thread, "message", { signal: AbortSignal.any([listening.signal, timeout]) });
      const ended = once(thread, "exit", { signal: listening.signal }).then(() =>
        Promise.reject(endedError()),
      );
      ended.catch(() => undefined);
      const bytes = new Uint8Array(task.bytes);
      thread.postMessage({ ...task, bytes }, [bytes.buffer]);
      const [answer] = (await Promise.race([heard, ended])) as [ParseAnswer];
      return answer;
    } catch (cause) {
      await this.stop();
      throw timeout.aborted ? tooSlow(task, timeoutMs) : failure(task, cause);
    } finally {
      listening.abort();
      thread.unref();
    }
  }
}

/** Loading the modules is no reply's fault, so the thread says when it is ready, and only then the clock starts. */
async function started({ entry, maxHeapMb }: ParseWorkerOptions): Promise<Worker> {
  const thread = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
  try {
    await once(thread, "message", { signal: AbortSignal.timeout(longestStartMs) });
  } catch (error) {
    await thread.terminate();
    throw error;
  }
  thread.on("error", () => undefined);
  thread.unref();
  return thread;
}

function tooSlow({ url }: ParseTask, timeoutMs: number): TooMuchError {
  return new TooMuchError(
    `A reply of ${hostOf(url)} took longer than ${timeoutMs} ms to read and was given up.`,
  );
}

function failure({ url }: ParseTask, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code !== "ERR_WORKER_OUT_OF_MEMORY") return cause instanceof Error ? cause : endedError();
  return new TooMuchError(`A reply of ${hostOf(url)} needed too much memory to read and was given up.`, {
    cause,
  });
}

/** Queries may hold keys, so only the host is named. */
const hostOf = (url: string): string => URL.parse(url)?.host ?? "the source";

function endedError(): MolvaError {
  return new MolvaError(
    "thread-ended",
    "The thread that read the reply has ended; the reply is read again later.",
  );
}

function revived({ code, message, retry, outcome, stack }: ParseProblem): MolvaError {
  return new MolvaError(code, message, { retry, outcome, cause: stack });
}
