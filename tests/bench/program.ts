import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "#boot/embedded/server.ts";

const entry = fileURLToPath(new URL("../../workers/cli.ts", import.meta.url));
const adminKey = `molva_benchkey_${randomBytes(24).toString("base64url")}`;

/** The program in a process of its own, as an operator runs it. */
export interface Program {
  url: string;
  /** An admin's. */
  key: string;
  pid: number;
  readyMs: number;
  stop(): Promise<void>;
}

/** Starts one of the program's commands and waits until it says that it is ready. */
export async function startProgram(command: string, env: Record<string, string>): Promise<Program> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const started = performance.now();
  const child = spawn(process.execPath, [entry, command], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PORT: new URL(url).port,
      MOLVA_ADMIN_KEY: adminKey,
      MOLVA_SECRET_KEY: randomBytes(32).toString("base64"),
      MOLVA_LOG_LEVEL: "error",
      ...env,
    },
    stdio: ["ignore", process.stderr, "inherit"],
  });
  await waitReady(url, child);
  const readyMs = performance.now() - started;
  return { url, key: adminKey, pid: child.pid as number, readyMs, stop: () => end(child) };
}

async function waitReady(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`the program ended with ${child.exitCode} before it was ready`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await sleep(10);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGINT");
  await exited;
}

export interface Reply {
  status: number;
  ms: number;
  text: string;
}

/** Asks the API as one of `connections` kept-alive clients, with the admin's key or another. */
export function openClient(url: string, connections: number, key: string = adminKey) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const ask = (method: string, path: string, body?: object): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const asked = request(`${url}${path}`, { method, agent, headers }, answer => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode ?? 0, ms: performance.now() - started, text });
        });
      });
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return { ask, close: () => agent.destroy() };
}
export type Client = ReturnType<typeof openClient>;

export const claimOne = (client: Client): Promise<Reply> =>
  client.ask("POST", "/v1/queue/claim", { limit: 1, leaseSeconds: 3600 });

/** Asks from `connections` clients, each as soon as it has its answer, until `seconds` have passed or `next` gives null. */
export async function closedLoop(
  connections: number,
  seconds: number,
  next: () => Promise<Reply | null>,
): Promise<{ replies: Reply[]; perSecond: number }> {
  const started = performance.now();
  const replies: Reply[] = [];
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - started < seconds * 1000) {
        const reply = await next();
        if (reply === null) return;
        replies.push(reply);
      }
    }),
  );
  return { replies, perSecond: (replies.length / (performance.now() - started)) * 1000 };
}

/**
 * Asks at a steady rate, whether the answers come or not; a reply's `ms` counts from the moment at which it was
 * due, so that a stall shows in every request behind it.
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  next: (index: number) => Promise<Reply>,
): Promise<Reply[]> {
  const started = performance.now();
  const asked: Promise<Reply>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const dueAt = started + (index * 1000) / perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    asked.push(next(index).then(reply => ({ ...reply, ms: performance.now() - dueAt })));
  }
  return Promise.all(asked);
}
