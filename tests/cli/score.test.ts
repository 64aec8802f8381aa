import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { shippedScorer } from "#tests/scorer.ts";
import { runCommand } from "./terminal.ts";

const angry = "Ужасная доставка, хамят и обманывают, деньги не вернули";
const lines = (text: string) =>
  text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line));

describe("score", () => {
  it("prints the whole tone of each line, in order, with the line's id", async () => {
    const given = [
      { id: "a", text: angry, kind: "review", rating: { value: 1, scale: 5 } },
      { id: 7, text: "Отличный сервис, спасибо!" },
      { text: "ok" },
    ];
    const { out, err, exitCode } = await runCommand(["score"], {
      stdin: [given.map(line => JSON.stringify(line)).join("\n")],
    });
    const [first, second, third] = lines(out);
    const direct = shippedScorer().score({ text: angry, kind: "review", rating: { value: 1, scale: 5 } });
    expect(first).toEqual({ id: "a", ...JSON.parse(JSON.stringify(direct)) });
    expect(first.label).toBe("negative");
    expect(second).toMatchObject({ id: 7, label: "positive" });
    expect(third).not.toHaveProperty("id");
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
  });

  it("names each broken line by its number, scores the others and ends with 1", async () => {
    const stdin = [`{"text":"хорошо"}\n{"text":\n\n{"text":5}\r\n{"text":"ok","rating":-`, `1}\n{"txt":"x"}`];
    const { out, err, exitCode } = await runCommand(["score"], { stdin });
    expect(lines(out)).toHaveLength(2);
    expect(err.match(/^line \d+/gm)).toEqual(["line 2", "line 4", "line 6"]);
    expect(exitCode).toBe(1);
  });

  it("reads letters that are cut by the edge of a chunk, and a byte order mark", async () => {
    const bytes = Buffer.from(`\uFEFF${JSON.stringify({ id: "ё", text: "ужасно" })}\n`);
    const stdin = [...bytes].map(byte => Uint8Array.of(byte));
    const { out, err } = await runCommand(["score"], { stdin });
    expect(lines(out)[0]).toMatchObject({ id: "ё", label: "negative" });
    expect(err).toBe("");
  });

  it("reads on after a line that is longer than anybody writes", async () => {
    const long = `{"text":"${"а".repeat(9 * 1024 * 1024)}"}`;
    const { out, err, exitCode } = await runCommand(["score"], {
      stdin: [`${long.slice(0, 1_000_000)}`, `${long.slice(1_000_000)}\n`, '{"id":2,"text":"ok"}'],
    });
    expect(lines(out).map(({ id }) => id)).toEqual([2]);
    expect(err).toMatch(/^line 1: longer/);
    expect(exitCode).toBe(1);
  });
});

describe("the program", () => {
  const cli = fileURLToPath(new URL("../../workers/cli.ts", import.meta.url));
  const run = (...args: string[]) =>
    spawn(process.execPath, [cli, ...args], { stdio: ["pipe", "pipe", "pipe"] });

  it("ends quietly when nobody reads what it prints", async () => {
    const child = run("score");
    let err = "";
    child.stderr.on("data", chunk => {
      err += String(chunk);
    });
    child.stdin.on("error", () => {});
    child.stdout.once("data", () => child.stdout.destroy());
    const ended = once(child, "exit");
    const line = `${JSON.stringify({ text: angry })}\n`.repeat(500);
    while (child.exitCode === null && child.stdin.writable) {
      if (!child.stdin.write(line)) await Promise.race([once(child.stdin, "drain").catch(() => {}), ended]);
      await new Promise(setImmediate);
    }
    const [code, signal] = await ended;
    expect({ code, signal, err }).toEqual({ code: 0, signal: null, err: "" });
  });

  it("ends with 1 and says why when a command is wrong", async () => {
    const child = run("scor");
    let err = "";
    child.stderr.on("data", chunk => {
      err += String(chunk);
    });
    const [code] = await once(child, "exit");
    expect(code).toBe(1);
    expect(err).toMatch(/unknown command 'scor'[\s\S]*Did you mean score/);
  });
});
