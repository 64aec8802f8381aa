/** The long-running parts of the program; each can be a process of its own. */
export const roles = ["api", "scheduler", "collector", "notifier"] as const;
export type RunningRole = (typeof roles)[number];
