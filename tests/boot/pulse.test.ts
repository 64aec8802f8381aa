import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepPulse } from "#boot/pulse.ts";

describe("the pulse of a process", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "molva-pulse-"));
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(dir, { recursive: true });
  });

  it("makes the file at once and renews it until it is ended", () => {
    const path = join(dir, "pulse");
    const end = keepPulse(path, () => {});
    expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
    utimesSync(path, 0, 0);
    vi.advanceTimersByTime(10_000);
    expect(statSync(path).mtimeMs).toBeGreaterThan(0);
    end();
    utimesSync(path, 0, 0);
    vi.advanceTimersByTime(60_000);
    expect(statSync(path).mtimeMs).toBe(0);
  });

  it("warns once, and goes on, where it may not write", () => {
    const warn = vi.fn();
    const end = keepPulse(join(dir, "absent", "pulse"), warn);
    vi.advanceTimersByTime(60_000);
    end();
    expect(warn).toHaveBeenCalledTimes(1);
  });
});
