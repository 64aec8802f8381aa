import type { ToneExplanation, ToneInput } from "./define.ts";
import { type createLogits, type Logits, unitsPerLogit } from "./logit.ts";

/** Words shown by themselves; those that weigh least are added up into one part. */
const mostWords = 60;

interface Part {
  start: number;
  end: number;
  units: number;
}

/**
 * The words of a text with what each adds to the polarity, strongest first, then what the text adds as a
 * whole. The sum of the parts is exactly the polarity: what rounding leaves belongs to the whole.
 */
export function explainParts(
  input: ToneInput,
  weigh: ReturnType<typeof createLogits>,
): { logits: Logits; parts: ToneExplanation["parts"] } {
  const raw = new Map<number, Part>();
  const logits = weigh(input, (start, end, units) => {
    const part = raw.get(start);
    if (part === undefined) raw.set(start, { start, end, units });
    else {
      part.units += units;
      if (end > part.end) part.end = end;
    }
  });
  if (logits.text.tape.count === 0) return { logits, parts: [] };
  const words = [...raw.values()].map(part => ({
    ...part,
    units: Math.trunc((part.units * logits.scale) / unitsPerLogit),
  }));
  words.sort((a, b) => Math.abs(b.units) - Math.abs(a.units) || a.start - b.start);
  const shown = words.slice(0, mostWords).filter(word => word.units !== 0);
  const others = words.slice(mostWords).reduce((sum, word) => sum + word.units, 0);
  const rest = logits.polarity - others - shown.reduce((sum, word) => sum + word.units, 0);
  const parts = shown.map(({ start, end, units }) => ({
    start,
    end,
    what: input.text.slice(start, end).toWellFormed(),
    weight: units / unitsPerLogit,
  }));
  const all = { start: 0, end: input.text.length };
  if (others !== 0) parts.push({ ...all, what: "other words", weight: others / unitsPerLogit });
  if (rest !== 0) parts.push({ ...all, what: "the text as a whole", weight: rest / unitsPerLogit });
  return { logits, parts };
}
