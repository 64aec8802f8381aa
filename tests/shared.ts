import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";

/** The folder of external suites and recorded replies beside the checkout; their licences keep them out of it. */
const root = fileURLToPath(new URL("../../shared/", import.meta.url));

export const sharedPath = (name: string): string => root + name;
export const sharedExists = (name: string): boolean => existsSync(root + name);
export const readShared = (name: string): Buffer => readFileSync(root + name);
export const readSharedJson = <T>(name: string): T => JSON.parse(readFileSync(root + name, "utf8")) as T;

/**
 * A suite that needs `../shared/<name>`. Absent, it is skipped and the reporter counts it aloud;
 * with CHECK_SHARED=1 its absence is a failure.
 */
export function describeShared(title: string, name: string, body: () => void): void {
  if (sharedExists(name)) {
    describe(title, body);
  } else if (process.env["CHECK_SHARED"] === "1") {
    throw new Error(`CHECK_SHARED=1, but ../shared/${name} is absent`);
  } else {
    describe.skip(`${title} [needs ../shared/${name}]`, body);
  }
}
