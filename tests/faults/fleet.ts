import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WorkRole } from "#boot/work.ts";
import type { WorkerSetting } from "./worker.ts";

const program = fileURLToPath(new URL("worker.ts", import.meta.url));

/** A worker process of ours. */
export interface Worker {
  role: WorkRole;
  child: ChildProcess;
  dieAt: WorkerSetting["dieAt"];
  readonly isReady: boolean;
  readonly isGone: boolean;
  /** Resolves when it works; rejects when it ends before. */
  ready: Promise<void>;
  /** How it ended, and when (performance.now). */
  gone: Promise<{ code: number | null; signal: NodeJS.Signals | null; atMs: number }>;
}

/** Starts worker processes that share a setting, keeps what they complain of, and leaves none behind. */
export interface Fleet {
  start(role: WorkRole, dieAt?: WorkerSetting["dieAt"]): Worker;
  complaints: string[];
  /** SIGKILL to what still runs. */
  end(): Promise<void>;
}

export function openFleet(
  setting: Omit<WorkerSetting, "role" | "dieAt">,
  env: Readonly<Record<string, string>>,
): Fleet {
  const workers = new Set<Worker>();
  const complaints: string[] = [];
  const start = (role: WorkRole, dieAt: WorkerSetting["dieAt"] = null): Worker => {
    const child = spawn(process.execPath, [program, JSON.stringify({ ...setting, role, dieAt })], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let isReady = false;
    const gone = once(child, "exit").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      atMs: performance.now(),
    }));
    const first = once(child.stdout, "data").then(() => {
      isReady = true;
    });
    const ready = Promise.race([
      first,
      gone.then(end => Promise.reject(new Error(`${role} ended before it worked: ${JSON.stringify(end)}`))),
    ]);
    ready.catch(() => {});
    child.stderr.on("data", chunk => complaints.push(String(chunk).trim()));
    const worker: Worker = {
      role,
      child,
      dieAt,
      ready,
      gone,
      get isReady() {
        return isReady && !this.isGone;
      },
      get isGone() {
        return child.exitCode !== null || child.signalCode !== null;
      },
    };
    workers.add(worker);
    gone.then(() => workers.delete(worker));
    return worker;
  };
  return {
    start,
    complaints,
    end: async () => {
      const running = [...workers];
      for (const { child } of running) child.kill("SIGKILL");
      await Promise.all(running.map(({ gone }) => gone));
    },
  };
}
