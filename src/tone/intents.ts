import type { Tone, ToneInput } from "./define.ts";
import type { Reading } from "./reading.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The order in which intents are listed: what hurries first. */
const intentOrder = ["threat", "safety", "complaint", "question", "suggestion", "praise", "spam"] as const;

/** How many different marks of advertising make spam: fewer are enough beside a link. */
const spamMarks = { withLink: 2, alone: 3 } as const;

function countMarks(reading: Reading, vocabulary: Vocabulary): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (let i = 0; i < reading.noteCount; i++) {
    const mark = reading.noteMark[i] as number;
    const intent = vocabulary.intents[vocabulary.intent[mark] as number] ?? "";
    if (intent === "") continue;
    const marks = found.get(intent);
    if (marks === undefined) found.set(intent, new Set([mark]));
    else marks.add(mark);
  }
  return found;
}

function isAsking(reading: Reading): boolean {
  for (let i = 0; i < reading.sentenceCount; i++) if ((reading.sentenceAsks[i] as number) > 0) return true;
  return false;
}

/** What the author is about to do or asks for, in the order of `intentOrder`. */
export function readIntents(
  input: ToneInput,
  label: Tone,
  reading: Reading,
  vocabulary: Vocabulary,
  linkCount: number,
): string[] {
  const found = countMarks(reading, vocabulary);
  const size = (intent: string): number => found.get(intent)?.size ?? 0;
  const reported = input.kind === "news" || input.kind === "search-result";
  const holds: Record<(typeof intentOrder)[number], boolean> = {
    threat: !reported && size("threat") > 0,
    safety: size("safety") > 0 && label !== "positive",
    complaint: !reported && (label === "negative" || (size("complaint") > 0 && label !== "positive")),
    question: input.kind === "question" || (isAsking(reading) && size("question") > 0),
    suggestion: !reported && size("suggestion") > 0,
    praise: !reported && label === "positive",
    spam: size("spam") >= (linkCount > 0 ? spamMarks.withLink : spamMarks.alone),
  };
  return intentOrder.filter(intent => holds[intent]);
}
