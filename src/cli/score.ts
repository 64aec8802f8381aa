import { z } from "zod";
import { saidOf } from "#domain/expected.ts";
import { textKinds } from "#domain/item.ts";
import { type Line, lineBatches } from "#domain/lines.ts";
import type { Scorer, ToneInput } from "#tone/define.ts";
import type { AddCommand, CliContext } from "./define.ts";

const ratingScale = 5;
const maxLineChars = 8 * 1024 * 1024;
const position = z.int().nonnegative();

/** One line as `score` takes it; other fields are let through unread, so labelled files can be scored. */
const lineSchema = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  text: z.string(),
  kind: z.enum(textKinds).nullish(),
  language: z.string().nullish(),
  rating: z
    .union([
      z.object({ value: z.number(), scale: z.number().positive() }),
      z.number().transform(value => ({ value, scale: ratingScale })),
    ])
    .nullish(),
  brandSpans: z.array(z.object({ start: position, end: position })).nullish(),
});

const help = `
Reads one JSON per line: {"id"?, "text", "kind"?, "language"?, "rating"?, "brandSpans"?}
  kind        ${textKinds.join(", ")}
  rating      {"value", "scale"}, or a number of stars out of ${ratingScale}
  brandSpans  [{"start", "end"}] where the brand is named, in UTF-16 units

Writes one JSON per line with the id and the whole tone. A line that cannot be read is named on the
standard error by its number; the others are scored, and the exit code is 1.

  echo '{"text": "Кофе отличный, но ждали час"}' | molva score`;

/** `score`: the tone of texts from the standard input, by the same code as ingest. */
export const addScore: AddCommand = (program, context) => {
  program
    .command("score")
    .description("tone of texts: JSON lines in, JSON lines out")
    .addHelpText("after", help)
    .action(() => scoreLines(context));
};

async function scoreLines(context: CliContext): Promise<void> {
  const scorer = await context.openScorer();
  let brokenCount = 0;
  for await (const batch of lineBatches(context.stdin, maxLineChars)) {
    const out: string[] = [];
    for (const line of batch) {
      const { scored, problem } = scoreLine(scorer, line);
      if (scored !== null) out.push(scored);
      if (problem === null) continue;
      brokenCount++;
      context.err(`line ${line.number}: ${problem}\n`);
    }
    context.out(out.join(""));
    await context.drained();
  }
  if (brokenCount > 0) context.setExitCode(1);
}

interface Scored {
  scored: string | null;
  problem: string | null;
}

function scoreLine(scorer: Scorer, { text }: Line): Scored {
  if (text === null) return broken(`longer than ${maxLineChars} characters`);
  if (text.trim() === "") return { scored: null, problem: null };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return broken(`no JSON: ${error instanceof Error ? error.message : "not understood"}`);
  }
  const { data, error } = lineSchema.safeParse(json);
  if (error) {
    const issue = error.issues[0];
    return broken(`${issue?.path.join(".") || "the line"}: ${saidOf(issue)}`);
  }
  const { id, text: body, kind, brandSpans, ...rest } = data;
  const input: ToneInput = {
    text: body,
    kind: kind ?? null,
    language: rest.language ?? null,
    rating: rest.rating ?? null,
    brandSpans: brandSpans ?? [],
  };
  const result = scorer.score(input);
  return { scored: `${JSON.stringify(id == null ? result : { id, ...result })}\n`, problem: null };
}

const broken = (problem: string): Scored => ({ scored: null, problem });
