import type { TextKind } from "#domain/item.ts";
import type { AspectTone, Span } from "#tone/define.ts";
import type { ClassIndex, Row } from "./rows.ts";

/** A text of our own corpus; the line form is described in corpus/README.md. */
export interface CorpusText {
  kind: TextKind;
  scenario: string;
  label: ClassIndex;
  stars: number | null;
  sarcasm: boolean;
  spam: boolean;
  generated: boolean;
  intents: string[];
  text: string;
  brands: (Span & { label: ClassIndex })[];
  aspects: (Pick<AspectTone, "aspect" | "start" | "end"> & { label: ClassIndex })[];
}

const labels: Readonly<Record<string, ClassIndex>> = { neg: 0, neu: 1, pos: 2 };
const signs: Readonly<Record<string, ClassIndex>> = { "-": 0, "0": 1, "+": 2 };
const mark = /\{([a-z]+)([-+0]?):\s*([^{}]*)\}/gu;

/** FNV-1a over UTF-8, 32 bit. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Whether texts of a scenario are kept for testing. */
export const isTestScenario = (scenario: string): boolean => fnv1a(scenario) % 5 === 0;

/** Reads one line, or null for a comment, an empty line, or one that breaks the form. */
export function readCorpusLine(line: string): CorpusText | null {
  const bar = line.indexOf("|");
  if (bar < 0 || line.startsWith("#")) return null;
  const [kind, scenario, tone, ...rest] = line.slice(0, bar).trim().split(/\s+/u);
  const label = labels[tone ?? ""];
  if (kind === undefined || scenario === undefined || label === undefined) return null;
  const flags = rest.flatMap(flag => flag.split(","));
  const stars = flags.find(flag => /^r[1-5]$/u.test(flag));
  const known = new Set(["sarcasm", "spam", "generated"]);
  return {
    kind: kind as TextKind,
    scenario,
    label,
    stars: stars === undefined ? null : Number(stars.slice(1)),
    sarcasm: flags.includes("sarcasm"),
    spam: flags.includes("spam"),
    generated: flags.includes("generated"),
    intents: flags.filter(flag => !known.has(flag) && flag !== stars && flag !== ""),
    ...readMarks(
      line
        .slice(bar + 1)
        .trim()
        .replaceAll("\\n", "\n"),
      label,
    ),
  };
}

function readMarks(marked: string, label: ClassIndex): Pick<CorpusText, "text" | "brands" | "aspects"> {
  const brands: CorpusText["brands"] = [];
  const aspects: CorpusText["aspects"] = [];
  let text = "";
  let at = 0;
  for (const match of marked.matchAll(mark)) {
    text += marked.slice(at, match.index);
    at = match.index + match[0].length;
    const [, name = "", sign = "", quote = ""] = match;
    const place = { start: text.length, end: text.length + quote.length, label: signs[sign] ?? label };
    text += quote;
    if (name === "brand") brands.push(place);
    else aspects.push({ aspect: name, ...place });
  }
  return { text: text + marked.slice(at), brands, aspects };
}

/** The rows that tone is learned from: the text as a whole, and once per tone toward its brands. */
export function rowsOf(one: CorpusText, set: string): Row[] {
  const common = { set, polar: false, group: one.scenario };
  const input = { text: one.text, kind: one.kind };
  const tones = new Set(one.brands.map(brand => brand.label));
  const targeted = [...tones].map(label => ({
    ...common,
    label,
    input: { ...input, brandSpans: one.brands.filter(brand => brand.label === label) },
  }));
  // Such a text has no tone of its own.
  if (tones.size > 1) return targeted.map(row => ({ ...row, set: `${set}, torn` }));
  return [{ ...common, input, label: one.label }, ...targeted];
}
