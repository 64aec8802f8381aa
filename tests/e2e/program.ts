import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { until } from "#tests/queue/backends.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The program as a person starts it in a terminal. */
export interface Program {
  pid: number;
  startedAtMs: number;
  /** Everything it printed so far. */
  out(): string;
  err(): string;
  signal(name: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs `molva <args>` from the checkout with nothing of our environment but the PATH. */
export function runMolva(args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ["workers/cli.ts", ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", chunk => {
    out += String(chunk);
  });
  child.stderr.on("data", chunk => {
    err += String(chunk);
  });
  return {
    pid: child.pid as number,
    startedAtMs,
    out: () => out,
    err: () => err,
    signal: name => void child.kill(name),
    ended: once(child, "close").then(([code, signal]) => ({ code, signal })),
  };
}

/** Ids of a process and of all that it started, directly or not. */
export function familyOf(pid: number): number[] {
  const children = Map.groupBy(processes(), ([, parent]) => parent);
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []).map(([child]) => child));
  return family;
}

/** Id and parent of every process. */
function processes(): [pid: number, parent: number][] {
  if (!existsSync("/proc/self/stat")) {
    const listed = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    return listed
      .trim()
      .split("\n")
      .map(line => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
  return readdirSync("/proc").flatMap(name => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1) as string;
      return [[Number(name), Number(stat.split(" ")[1])] as [number, number]];
    } catch {
      return [];
    }
  });
}

/** What the banner tells: the key, the lines to try, and how long it took to appear. */
export interface Ready {
  key: string;
  url: string;
  brandId: string;
  curls: string[];
  tookMs: number;
}

/** Waits for the banner of `start --demo`. */
export async function whenReady(program: Program): Promise<Ready> {
  let end: unknown = null;
  void program.ended.then(how => {
    end = how;
  });
  await until(
    "the banner is printed",
    () => {
      if (end !== null) throw new Error(`ended before it was ready: ${JSON.stringify(end)} ${program.err()}`);
      return program.out().includes("Ctrl-C");
    },
    60_000,
  );
  const tookMs = performance.now() - program.startedAtMs;
  const said = program.out();
  return {
    key: /molva_[A-Za-z0-9_-]+/.exec(said)?.[0] ?? "",
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? "",
    brandId: /brandId=([0-9a-f-]{36})/.exec(said)?.[1] ?? "",
    curls: said
      .split("\n")
      .map(line => line.trim())
      .filter(line => line.startsWith("curl ")),
    tookMs,
  };
}

interface Asked {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Options of curl that the banner uses, and what each makes of its value. */
const curlOptions: Record<string, (value: string, asked: Asked) => Asked> = {
  "-X": method => ({ method }),
  "-d": body => ({ body }),
  "-H": (value, { headers }) => ({ headers: { ...headers, ...Object.fromEntries([value.split(": ")]) } }),
};

/** Does what a printed curl line does, read as a shell reads it: the machine may lack curl. */
export async function runCurl(line: string): Promise<{ status: number; body: unknown }> {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
  expect(words.slice(0, 2)).toEqual(["curl", "-s"]);
  let asked: Asked = {};
  const [url, ...rest] = words.slice(2).filter((word, index, all) => {
    const option = curlOptions[word];
    if (option) asked = { ...asked, ...option(all[index + 1] as string, asked) };
    return !option && !curlOptions[all[index - 1] ?? ""];
  });
  expect(rest, `this test does not know all of: ${line}`).toEqual([]);
  const reply = await fetch(url as string, asked);
  return { status: reply.status, body: await reply.json() };
}
