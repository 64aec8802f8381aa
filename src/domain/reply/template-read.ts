import { InputError } from "#domain/errors.ts";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** `{{#if name}}`, `{{#if !name}}`, `{{#if name <= 2}}` or `{{#if name = "en"}}`. */
export interface Condition {
  name: string;
  /** null: whether there is a value at all. */
  compare: { by: Comparison; with: string | number } | null;
  negated: boolean;
}

export type TemplateNode =
  | { is: "text"; text: string }
  | { is: "value"; name: string }
  | { is: "choice"; condition: Condition; whenTrue: TemplateNode[]; otherwise: TemplateNode[] };

type Choice = Extract<TemplateNode, { is: "choice" }>;

const maxMarks = 200;
const maxDepth = 5;

const word = /^[A-Za-z]\w{0,39}$/;
const plainCondition = /^(!?)\s{0,9}([A-Za-z]\w{0,39})$/;
const comparing =
  /^([A-Za-z]\w{0,39})\s{0,9}(<=|>=|!=|=|<|>)\s{0,9}(?:"([^"]{0,100})"|(-?\d{1,9}(?:\.\d{1,4})?))$/;

/** Where reading stands: the list that takes the next node, and the conditions that are open around it. */
interface Reading {
  into: TemplateNode[];
  open: { choice: Choice; outer: TemplateNode[]; at: number; hasElse: boolean }[];
}

/**
 * Reads a template: text, `{{name}}` and `{{#if …}}…{{else}}…{{/if}}`. A mark that is none of these is an
 * InputError with its place. Linear in the text's length.
 */
export function readTemplate(source: string): TemplateNode[] {
  const root: TemplateNode[] = [];
  const reading: Reading = { into: root, open: [] };
  let at = 0;
  for (let markCount = 0; ; markCount++) {
    const start = source.indexOf("{{", at);
    addText(reading.into, source.slice(at, start < 0 ? undefined : start));
    if (start < 0) break;
    if (markCount === maxMarks) throw mistake(start, `there are more than ${maxMarks} marks`);
    const end = source.indexOf("}}", start + 2);
    if (end < 0) throw mistake(start, '"{{" is not closed by "}}"');
    readMark(source.slice(start + 2, end).trim(), start, reading);
    at = end + 2;
  }
  const [left] = reading.open;
  if (left) throw mistake(left.at, "{{#if …}} is not closed by {{/if}}");
  return root;
}

function addText(into: TemplateNode[], text: string): void {
  if (text !== "") into.push({ is: "text", text });
}

function readMark(mark: string, at: number, reading: Reading): void {
  if (word.test(mark) && mark !== "else") reading.into.push({ is: "value", name: mark });
  else if (/^#if\s/.test(mark)) open(readCondition(mark.slice(3).trim(), at), at, reading);
  else if (mark === "else") turn(at, reading);
  else if (mark === "/if") close(at, reading);
  else throw mistake(at, `{{${mark.slice(0, 60)}}} is neither a name, nor #if, else or /if`);
}

function open(condition: Condition, at: number, reading: Reading): void {
  if (reading.open.length === maxDepth)
    throw mistake(at, `more than ${maxDepth} conditions within each other`);
  const choice: Choice = { is: "choice", condition, whenTrue: [], otherwise: [] };
  reading.into.push(choice);
  reading.open.push({ choice, outer: reading.into, at, hasElse: false });
  reading.into = choice.whenTrue;
}

function turn(at: number, reading: Reading): void {
  const inner = reading.open.at(-1);
  if (!inner || inner.hasElse) throw mistake(at, "{{else}} has no {{#if …}} of its own");
  inner.hasElse = true;
  reading.into = inner.choice.otherwise;
}

function close(at: number, reading: Reading): void {
  const inner = reading.open.pop();
  if (!inner) throw mistake(at, "{{/if}} has no {{#if …}}");
  reading.into = inner.outer;
}

function readCondition(text: string, at: number): Condition {
  const plain = plainCondition.exec(text);
  if (plain) return { name: plain[2] as string, compare: null, negated: plain[1] === "!" };
  const compared = comparing.exec(text);
  if (!compared)
    throw mistake(
      at,
      `"${text.slice(0, 60)}" is no condition; expected a name, !name, name <= 2 or name = "ru"`,
    );
  const [, name, by, words, number] = compared;
  const value = number === undefined ? (words ?? "") : Number(number);
  return { name: name as string, compare: { by: by as Comparison, with: value }, negated: false };
}

const mistake = (at: number, what: string) =>
  new InputError(`The template has a mistake at character ${at + 1}: ${what}`, "text");
