import { createHash } from "node:crypto";
import type { ModelFacts } from "#tone/model/file.ts";
import { type Figure, passes } from "./evaluate.ts";
import { sets } from "./sets.ts";

/** What the card says beside the figures. */
export interface CardFacts {
  /** As results name it. */
  version: string;
  facts: ModelFacts;
  files: readonly { name: string; bytes: Uint8Array }[];
  corpus: { learned: number; test: number; pairs: number };
  figures: readonly Figure[];
}

const fixed = (value: number | null): string => (value === null ? "–" : value.toFixed(3));

function verdict(figure: Figure): string {
  const { must, goal } = figure;
  if (must === null || goal === null) return "";
  const isError = figure.measure.startsWith("ECE");
  const reached = isError ? figure.value <= goal : figure.value >= goal;
  if (reached) return "goal";
  return passes(figure, must) ? "must" : "**below**";
}

const row = (figure: Figure): string =>
  `| ${figure.what} | ${figure.measure} | ${fixed(figure.value)} | ${fixed(figure.low)}–${fixed(figure.high)} | ${figure.rowCount} | ${fixed(figure.must)} | ${fixed(figure.goal)} | ${verdict(figure)} | ${figure.stands} |`;

const fileRows = ({ name, bytes }: CardFacts["files"][number]): string =>
  `| File | \`src/tone/model/${name}\`, ${bytes.length} bytes |
| SHA-256 | \`${createHash("sha256").update(bytes).digest("hex")}\` |`;

const learnedName = (learned: string): string => learned.split(",")[0] as string;

/** The model card as Markdown: what was learned from, under which licence, what it reaches, the file's hash. */
export function modelCard({ version, facts, files, corpus, figures }: CardFacts): string {
  const learned = new Set(facts.learned.map(learnedName));
  const data = sets
    .filter(set => learned.has(set.name))
    .map(set => `| ${set.name} | ${set.folder} | ${set.what} | ${set.kind} | ${set.licence} |`);
  return `# Tone model

<!-- Made by \`molva tone evaluate --card\`; a test fails when the file in the repository is another one. -->

| | |
| --- | --- |
| Version | \`${version}\` |
${files.map(fileRows).join("\n")}
| Lexicon | \`${facts.lexicon}\` |

A linear model over hashed features in integers: words, their runs of two to five letters, pairs of words, our own
lexicon, clauses, and where words stand to the brand. [docs/decisions/0004-trained-tone.md](decisions/0004-trained-tone.md)
says how it works, what was tried and what it cannot do.

## Learned from

| Set | Folder | What | Read as | Licence |
| --- | --- | --- | --- | --- |
${data.join("\n")}
| PolSentiLex | open | words with marks | word | CC BY 4.0, Koltsova, Alexeeva, Pashakhin, Koltsov 2020 |
| our own corpus | \`corpus/\` | ${corpus.learned} rows; ${corpus.test} texts and ${corpus.pairs} pairs kept for testing | as marked | Apache-2.0 |

Texts never enter the repository, hashed weights do. Sets of the folder \`public\` state no licence;
\`molva tone train --open\` builds a model from the folder \`open\` and our own corpus alone.

## Figures

On texts that were not learned from, kind given, without stars. Intervals: bootstrap, 95 %. A row passes when the bar
lies inside or below its interval. For an unseen domain a set of the same or the nearest domain is left out of training and
of calibration; the acceptance sets themselves are not ours to see. Those models are shorter than the shipped one (one
model of two epochs). A fifth of \`ru_marketplace\` each is judged by five models that never saw it. Dev sets were used
to choose: temperatures, biases and label leads by kind of text.

| Set | Measure | Figure | Interval | Rows | Must | Goal | Reached | Stands for it |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${figures.map(row).join("\n")}
`;
}
