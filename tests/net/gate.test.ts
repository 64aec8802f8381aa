import { describe, expect, it } from "vitest";
import { createGate, type Gate } from "#net/gate.ts";

const bounds = { startMs: 1000, minMs: 1000, maxMs: 10_000, maxWaitMs: 20_000 };
const forever = new AbortController().signal;

/** A gate whose clock moves only while somebody sleeps. */
function gateWithClock(): { gate: Gate; clock: { now: number }; slept: number[] } {
  const clock = { now: 0 };
  const slept: number[] = [];
  const sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    slept.push(ms);
    clock.now += ms;
  };
  return { gate: createGate({ boundsOf: () => bounds, now: () => clock.now, sleep }), clock, slept };
}

const ok = { status: 200, latencyMs: 0, retryAfterMs: null, crawlDelayMs: 0 };

describe("the gate", () => {
  it("lets one request at a time to a host, in order, with the pause between", async () => {
    const { gate, clock } = gateWithClock();
    const log: string[] = [];
    const ask = (name: string): Promise<void> =>
      gate.pass("a.test", forever, async () => {
        log.push(`${name} ${clock.now}`);
        await new Promise(resolve => setImmediate(resolve));
        log.push(`${name} done`);
        return { result: undefined, seen: ok };
      });
    await Promise.all([ask("1"), ask("2"), ask("3")]);
    expect(log).toEqual(["1 0", "1 done", "2 1000", "2 done", "3 2000", "3 done"]);
  });

  it("does not let one host wait for another", async () => {
    const { gate } = gateWithClock();
    const never = gate.pass("slow.test", forever, () => new Promise(() => undefined));
    const other = gate.pass("quick.test", forever, async () => ({ result: "done", seen: ok }));
    expect(await Promise.race([never, other])).toBe("done");
  });

  it("passes errors on and stays open", async () => {
    const { gate, slept } = gateWithClock();
    await expect(gate.pass("a.test", forever, () => Promise.reject(new Error("cut")))).rejects.toThrow("cut");
    expect(await gate.pass("a.test", forever, async () => ({ result: 2, seen: ok }))).toBe(2);
    expect(slept).toEqual([1000]);
  });

  it("hands a long pause back as a quota that is used up", async () => {
    const { gate } = gateWithClock();
    const refusal = { status: 429, latencyMs: 0, retryAfterMs: 3_600_000, crawlDelayMs: 0 };
    await gate.pass("a.test", forever, async () => ({ result: null, seen: refusal }));
    const asked = gate.pass("a.test", forever, async () => ({ result: null, seen: ok }));
    await expect(asked).rejects.toMatchObject({ code: "quota", retry: { afterMs: 3_600_000 } });
  });

  it("lets nobody through whose signal is aborted, and the next one in", async () => {
    const { gate } = gateWithClock();
    const stopped = AbortSignal.abort(new Error("stopping"));
    await expect(gate.pass("a.test", stopped, async () => ({ result: 1, seen: ok }))).rejects.toThrow(
      "stopping",
    );
    expect(await gate.pass("a.test", forever, async () => ({ result: 2, seen: ok }))).toBe(2);
  });
});
