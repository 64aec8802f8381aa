import type { Runtime } from "#boot/runtime.ts";
import type { WorkRole } from "#boot/work.ts";

interface Point {
  role: WorkRole;
  /** The runtime in which `die` is called each time the process passes the point. */
  arm: (runtime: Runtime, die: () => void) => Runtime;
}

/** Runs `die`, then what the process would have done. */
const before =
  <Args extends unknown[], Result>(die: () => void, act: (...args: Args) => Result) =>
  (...args: Args): Result => {
    die();
    return act(...args);
  };

/** Runs `die` when the other side has answered and nothing was made of it yet. */
const after =
  <Args extends unknown[], Result>(die: () => void, act: (...args: Args) => Promise<Result>) =>
  async (...args: Args): Promise<Result> => {
    const result = await act(...args);
    die();
    return result;
  };

/** Places where a death leaves one of two systems behind the other. */
export const points = {
  "a source is claimed, its job not sent": {
    role: "scheduler",
    arm: ({ deps, ...rest }, die) => ({
      ...rest,
      deps: { ...deps, enqueue: { ...deps.enqueue, collect: before(die, deps.enqueue.collect) } },
    }),
  },
  "a page is fetched, not stored": {
    role: "collector",
    arm: ({ net, ...rest }, die) => ({ ...rest, net: { ...net, fetch: after(die, net.fetch) } }),
  },
  "a page is being stored": {
    role: "collector",
    arm: ({ deps, ...rest }, die) => ({
      ...rest,
      deps: { ...deps, scoreAll: before(die, deps.scoreAll) },
    }),
  },
  "an alert is stored, the notifier not told": {
    role: "collector",
    arm: ({ deps, ...rest }, die) => ({
      ...rest,
      deps: { ...deps, enqueue: { ...deps.enqueue, notify: before(die, deps.enqueue.notify) } },
    }),
  },
  "a run is being ended": {
    role: "collector",
    arm: ({ deps, ...rest }, die) => ({ ...rest, deps: { ...deps, random: before(die, deps.random) } }),
  },
  "a delivery is claimed, not sent": {
    role: "notifier",
    arm: ({ net, ...rest }, die) => ({ ...rest, net: { ...net, post: before(die, net.post) } }),
  },
  "a message is taken, its delivery not noted": {
    role: "notifier",
    arm: ({ net, ...rest }, die) => ({ ...rest, net: { ...net, post: after(die, net.post) } }),
  },
} as const satisfies Record<string, Point>;

export type PointName = keyof typeof points;
export const pointNames = Object.keys(points) as PointName[];
