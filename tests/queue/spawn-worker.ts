import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Timing } from "#queue/timing.ts";
import type { Store } from "./backends.ts";

const workerFile = fileURLToPath(new URL("worker-process.ts", import.meta.url));

/** A worker in a process of its own, and the sources whose jobs it has started. */
export function spawnWorker(
  { backend }: Store,
  prefix: string,
  timing: Partial<Timing>,
): { child: ChildProcess; started: string[]; isReady: () => boolean } {
  const setting = JSON.stringify({ backend, prefix, timing });
  const child = spawn(process.execPath, [workerFile, setting], { stdio: ["ignore", "pipe", "inherit"] });
  const started: string[] = [];
  let ready = false;
  child.stdout.on("data", chunk => {
    for (const line of String(chunk).trim().split("\n")) {
      if (line === "ready") ready = true;
      else started.push(line.replace("start ", ""));
    }
  });
  return { child, started, isReady: () => ready };
}
