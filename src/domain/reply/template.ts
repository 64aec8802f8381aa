import { InputError } from "#domain/errors.ts";
import { readTemplate, type TemplateNode } from "./template-read.ts";
import { holds, type TemplateValues, variableNames } from "./template-values.ts";

/** What a template makes of a mention; `missing` are the variables that it prints and the mention does not have. */
export interface Rendered {
  text: string;
  missing: string[];
}

/** Reads a template and refuses it, by an InputError, for a mistake in its marks or for names that mean nothing. */
export function checkTemplate(source: string): void {
  const unknown = [...new Set(namesIn(readTemplate(source)))].filter(name => !variableNames.has(name));
  if (unknown.length === 0) return;
  const known = [...variableNames].join(", ");
  throw new InputError(
    `The template names ${unknown.map(name => `"${name}"`).join(", ")}, which mean nothing here; known: ${known}`,
    "text",
  );
}

/**
 * Fills a checked template. Values are put in as they are and never read as marks, whatever stands in them;
 * what is left of a line that an absent part emptied is tidied up.
 */
export function renderTemplate(source: string, values: TemplateValues): Rendered {
  const missing = new Set<string>();
  const text = renderNodes(readTemplate(source), values, missing);
  return { text: text.trim(), missing: [...missing] };
}

function renderNodes(nodes: readonly TemplateNode[], values: TemplateValues, missing: Set<string>): string {
  return nodes
    .map(node => {
      if (node.is === "text") return node.text;
      if (node.is === "choice")
        return renderNodes(holds(node.condition, values) ? node.whenTrue : node.otherwise, values, missing);
      const value = values.get(node.name) ?? null;
      if (value === null) missing.add(node.name);
      return value === null ? "" : String(value);
    })
    .join("");
}

function namesIn(nodes: readonly TemplateNode[]): string[] {
  return nodes.flatMap(node => {
    if (node.is === "text") return [];
    if (node.is === "value") return [node.name];
    return [node.condition.name, ...namesIn(node.whenTrue), ...namesIn(node.otherwise)];
  });
}
