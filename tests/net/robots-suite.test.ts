import { expect, it } from "vitest";
import { isAllowed, parseRobots } from "#net/robots-rules.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";

interface Case {
  robotstxt?: string;
  robotstxt_base64?: string;
  userAgent: string;
  url: string;
  allowed: boolean;
}

const encoded = "RFC 9309 compares one spelling of both sides; Google's library leaves that to its caller";
const robotsItself = "/robots.txt is always allowed (RFC 9309, 2.2.2)";
const indexPage = "only Google takes /index.html for the folder";
const agentWithSpace = "an agent's token ends at the space, so this is the agent named";
const agentWithDigits =
  'a line naming "AB42bot" means that agent; Google\'s library cuts the line, not the agent';

/** Where we differ from the suite, by index in its file, and why. */
const differences: Record<string, Record<number, string>> = {
  "google-robotstxt-unit.json": { 40: agentWithSpace, 63: encoded, 65: encoded, 66: encoded, 78: indexPage },
  "google-spec-test.json": {
    37: indexPage,
    110: encoded,
    112: encoded,
    113: encoded,
    133: agentWithSpace,
    193: robotsItself,
    199: robotsItself,
    200: agentWithDigits,
    201: agentWithDigits,
    203: robotsItself,
    344: robotsItself,
  },
};

describeShared("robots.txt suites", "suites/robots/google-robotstxt-unit.json", () => {
  it.each([
    ["google-robotstxt-unit.json", 142, 133],
    ["google-spec-test.json", 400, 384],
  ])("%s: of %i cases at least %i, the others known by name", (file, total, floor) => {
    const cases = readSharedJson<Case[]>(`suites/robots/${file}`);
    const failed = cases.flatMap((each, index) => (judge(each) === each.allowed ? [] : [index]));
    expect(failed.map(String)).toEqual(Object.keys(differences[file] ?? {}));
    expect(cases.length).toBe(total);
    expect(total - failed.length).toBeGreaterThanOrEqual(floor);
  });
});

function judge({ robotstxt = "", robotstxt_base64, userAgent, url }: Case): boolean {
  const bytes =
    robotstxt_base64 === undefined ? Buffer.from(robotstxt) : Buffer.from(robotstxt_base64, "base64");
  return isAllowed(parseRobots(bytes, userAgent), url);
}
