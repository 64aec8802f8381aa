import { cleanText, cut, foldText } from "#domain/text.ts";
import type { Comparison, Condition } from "./template-read.ts";

/** What each variable of a template stands for; the reference of templates is made from it. */
export const templateVariables = {
  author: "the author's name as the source shows it",
  brand: "the brand's name",
  product: "the product or place that the text is about",
  rating: "stars of five",
  source: "the source kind's title",
  title: "the text's own title",
  aspect: "what the text blames first, such as delivery",
  language: "the text's language, such as ru",
  date: "the day of the text in the brand's time zone, in the template's language",
  person: "the name of the person who answers",
} as const;
export type TemplateVariable = keyof typeof templateVariables;

export const variableNames: ReadonlySet<string> = new Set(Object.keys(templateVariables));

/** A map and no object: no name means anything that was not put in. */
export type TemplateValues = ReadonlyMap<string, string | number>;

const longestValue = 200;

/** Values as one line each, short, without what nobody sees; absent and empty ones are left out. */
export function templateValues(
  facts: Readonly<Partial<Record<TemplateVariable, string | number | null>>>,
): TemplateValues {
  const values = Object.entries(facts).map(([name, value]): [string, string | number | null] => [
    name,
    typeof value === "string" ? oneLine(value) : (value ?? null),
  ]);
  return new Map(
    values.filter((pair): pair is [string, string | number] => pair[1] !== null && pair[1] !== ""),
  );
}

const oneLine = (text: string): string => cut(cleanText(text).replace(/\s+/g, " ").trim(), longestValue);

const comparisons: Record<Comparison, (order: number) => boolean> = {
  "=": order => order === 0,
  "!=": order => order !== 0,
  "<": order => order < 0,
  "<=": order => order <= 0,
  ">": order => order > 0,
  ">=": order => order >= 0,
};

/** Whether a condition holds; any comparison with an absent value does not, and neither does one of text with a number. */
export function holds({ name, compare, negated }: Condition, values: TemplateValues): boolean {
  const value = values.get(name);
  if (compare === null) return (value !== undefined) !== negated;
  if (value === undefined) return false;
  const order = orderOf(value, compare.with);
  return order !== null && comparisons[compare.by](order);
}

function orderOf(value: string | number, other: string | number): number | null {
  if (typeof other === "number") {
    const number = typeof value === "number" ? value : Number.NaN;
    return Number.isNaN(number) ? null : Math.sign(number - other);
  }
  const [left, right] = [foldText(String(value)), foldText(other)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
