import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export interface Import {
  /** Path of the importing file from the root. */
  from: string;
  /** Path of a file of ours, or the name of a package or of a module of Node. */
  to: string;
  specifier: string;
}

const folders = ["boot", "config", "migrations", "src", "workers"];

/** Source files of the program, from the root. */
export function sourceFiles(root: string, top: readonly string[] = folders): string[] {
  return top.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name.endsWith(".ts"))
      .map(entry => relative(root, join(entry.parentPath, entry.name))),
  );
}

/** Every import of a text: static ones, types included, `export … from`, and calls of `import()`. */
export function importsOf(root: string, from: string, text: string): Import[] {
  const specifiers = [
    ...text.matchAll(/^\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"/gm),
    ...text.matchAll(/^\s*import\s*"([^"]+)"/gm),
    ...text.matchAll(/\bimport\(\s*"([^"]+)"/g),
  ].map(match => match[1] as string);
  return specifiers.map(specifier => ({ from, specifier, to: targetOf(root, from, specifier) }));
}

function targetOf(root: string, from: string, specifier: string): string {
  if (specifier.startsWith(".")) return relative(root, resolve(root, dirname(from), specifier));
  const alias = /^#(\w+)\/(.+)$/.exec(specifier);
  if (!alias) return specifier;
  const [, layer, rest] = alias as unknown as [string, string, string];
  return folders.includes(layer) || layer === "tests" ? `${layer}/${rest}` : `src/${layer}/${rest}`;
}

export const readImports = (root: string): Import[] =>
  sourceFiles(root).flatMap(file => importsOf(root, file, readFileSync(join(root, file), "utf8")));
