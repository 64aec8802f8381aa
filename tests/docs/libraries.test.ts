import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
  "dependencies" | "devDependencies",
  Record<string, string>
>;

it("every dependency has its reason in docs/decisions/0002-libraries.md, and every reason its dependency", () => {
  const [forUse = "", forDevelopment = ""] = read("docs/decisions/0002-libraries.md").split(
    "For development only:",
  );
  const named = (text: string) =>
    [...text.matchAll(/^\| (`.+?`) \|/gm)]
      .flatMap(match => [...(match[1] as string).matchAll(/`([^`]+)`/g)].map(name => name[1] as string))
      .toSorted();
  expect(named(forUse)).toEqual(Object.keys(dependencies).toSorted());
  expect(named(forDevelopment)).toEqual(Object.keys(devDependencies).toSorted());
});
