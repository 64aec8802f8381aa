import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { MolvaError } from "#domain/errors.ts";

/** What is asked of the browser's process, and what it says. */
export interface BrowserTask {
  id: number;
  html: string;
}
export type BrowserAnswer = { id: number; pdf: string } | { id: number; problem: string };

/** Makes PDF of documents, in a process that starts with the first one and ends when there are none for a while. */
export interface Printer {
  pdf(html: string): Promise<Buffer>;
  close(): Promise<void>;
}

interface PrinterOptions {
  /** Chromium's program, or null where there is none. */
  path: string | null;
  /** Entries of MOLVA_EGRESS_ALLOW. */
  allow: readonly string[];
  idleMs?: number;
  timeoutMs?: number;
}

const usualPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is: as configured, else where systems put it; null when it is in none of these places. */
export const findBrowser = (configured: string | undefined): string | null =>
  (configured === undefined ? usualPaths : [configured]).find(path => existsSync(path)) ?? null;

const absent = () =>
  new MolvaError(
    "no-browser",
    "PDF needs Chromium, which is not on this machine: install Debian's package chromium or set MOLVA_BROWSER_PATH; the same report as HTML needs none",
    { retry: "never" },
  );

const ended = (why: string) => new MolvaError("browser-ended", `The browser could not make the PDF: ${why}`);

interface Waiting {
  resolve: (pdf: Buffer) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

const entry = new URL("./browser-process.ts", import.meta.url);
/** A document of ours is far below; the channel to the process is no place for more. */
const longestHtml = 20_000_000;

/** Nothing starts before the first document. */
export function createPrinter({ path, allow, idleMs = 60_000, timeoutMs = 60_000 }: PrinterOptions): Printer {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let count = 0;

  const settle = (id: number, end: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    if (!one) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    end(one);
    if (waiting.size === 0) rest();
  };
  const failAll = (why: string): void => {
    for (const id of [...waiting.keys()]) settle(id, one => one.reject(ended(why)));
  };
  const drop = (why: string): void => {
    const dropped = child;
    child = null;
    dropped?.disconnect();
    failAll(why);
  };
  const rest = (): void => {
    clearTimeout(idle);
    idle = setTimeout(() => drop("nothing was asked of it"), idleMs);
    idle.unref();
  };
  const started = (program: string): ChildProcess => {
    // No variable of ours goes along: neither database nor queue nor keys are known there.
    const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? tmpdir() };
    const made = fork(entry, [program, ...allow], { env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    made.on("message", (answer: BrowserAnswer) =>
      settle(answer.id, one =>
        "pdf" in answer ? one.resolve(Buffer.from(answer.pdf, "base64")) : one.reject(ended(answer.problem)),
      ),
    );
    made.on("error", () => undefined);
    made.on("exit", code => {
      if (child === made) {
        child = null;
        failAll(`its process ended with ${code}`);
      }
    });
    return made;
  };
  return {
    pdf: async html => {
      if (path === null) throw absent();
      if (html.length > longestHtml) throw ended("the document is too long");
      clearTimeout(idle);
      child ??= started(path);
      const [process_, id] = [child, count++];
      return new Promise<Buffer>((resolve, reject) => {
        const timer = setTimeout(() => drop(`it took longer than ${timeoutMs} ms`), timeoutMs);
        waiting.set(id, { resolve, reject, timer });
        process_.send({ id, html } satisfies BrowserTask);
      });
    },
    close: async () => {
      clearTimeout(idle);
      drop("Molva is stopping");
    },
  };
}
