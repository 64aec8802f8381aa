import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" });

const texts = git("ls-files", "-z")
  .split("\0")
  .filter(file => file !== "" && existsSync(join(root, file)))
  .map(file => ({ file, bytes: readFileSync(join(root, file)) }))
  .filter(({ bytes }) => !bytes.includes(0))
  .map(({ file, bytes }) => ({ file, text: bytes.toString("utf8") }));

/** `file: what was found` for each match, outside the files that may. */
const found = (pattern: RegExp, may: readonly string[] = []) =>
  texts
    .filter(({ file }) => !may.includes(file))
    .flatMap(({ file, text }) => [...text.matchAll(pattern)].map(match => `${file}: ${match[0].trim()}`));

/** Folders of somebody's machine; a path inside a container or an address on the web is none. */
const machinePath = /(?<![\w.*)~}-])\/(?:work|root|home\/\w+|Users\/\w+)(?=[/\s"'`]|$)/gm;
const temporaryPath = /(?<![\w.*)~}-])\/tmp(?=[/\s"'`]|$)/gm;
const registryHost = /\bregistry\.(?!npmjs\.org\b)[a-z0-9-]+\.[a-z]{2,}\b/g;

/** Words that would speak of a workplace instead of the product; as digests, so that the list keeps its own rule. */
const unspoken = new Set([
  "c857d09db23e",
  "c70eca6b0f88",
  "60965168ce76",
  "94a168d2da57",
  "d298391b0743",
  "487b91042c7c",
  "de2187af3fb0",
  "3ea125d0bff3",
]);
const digest = (word: string) => createHash("sha256").update(word).digest("hex").slice(0, 12);

describe("committed texts", () => {
  it("are there to be read", () => {
    expect(texts.length).toBeGreaterThan(200);
  });

  it("name no folder of a machine", () => {
    expect(found(machinePath)).toEqual([]);
    expect(found(temporaryPath, ["docker-compose.yml"])).toEqual([]);
  });

  it("would notice a folder of a machine", () => {
    const under = (...parts: string[]) => ["", ...parts].join("/");
    for (const path of [under("root", "molva"), `cd "${under("work", "")}"`, under("home", "anna", "x")])
      expect(path).toMatch(machinePath);
    for (const path of [
      `src${under("work", "x.ts")}`,
      `example.org${under("work", "")}`,
      "/workers",
      "#tests/work",
    ])
      expect(path).not.toMatch(machinePath);
  });

  it("name no other package registry than npm's", () => {
    expect(found(registryHost)).toEqual([]);
  });

  it("speak of the product alone", () => {
    const words = new Map(
      texts.flatMap(({ file, text }) =>
        [...new Set(text.toLowerCase().match(/[a-z]{3,}/g))].map(word => [word, file] as const),
      ),
    );
    expect([...words].filter(([word]) => unspoken.has(digest(word)))).toEqual([]);
  });
});

interface Locked {
  version?: string;
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

describe("packages", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };

  it("are pinned exactly, and the lock has the same versions", () => {
    for (const [name, version] of Object.entries(wanted)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  it("come from npm's registry or from the one that the operator has set", () => {
    const hosts = Object.values(packages).flatMap(({ resolved }) =>
      resolved ? [new URL(resolved).host] : [],
    );
    expect(hosts.filter(host => host !== "registry.npmjs.org")).toEqual([]);
    expect(Object.values(packages).filter(({ link }) => link)).toEqual([]);
  });

  it("are all in the lock, those for other systems too: without one of them `npm ci` refuses to begin", () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(name => !isLocked(packages, place, name)),
    );
    expect(missing).toEqual([]);
  });
});

/** Whether a package in this place finds that one: beside it or in a folder above. */
function isLocked(packages: Record<string, Locked>, place: string, name: string): boolean {
  const above = place
    .split("/node_modules/")
    .map((_, end, parts) => parts.slice(0, end + 1).join("/node_modules/"));
  return ["", ...above].some(
    folder => `${folder}${folder === "" ? "" : "/"}node_modules/${name}` in packages,
  );
}
