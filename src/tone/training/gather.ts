import { type CorpusText, isTestScenario, readCorpusLine, rowsOf } from "./corpus.ts";
import type { ClassIndex, Row } from "./rows.ts";
import { readSetLine, type SetFacts, sets, withBanks } from "./sets.ts";

/** Gives the lines of a file of the labelled data or of the corpus, or null when it is absent. */
export interface Library {
  data(path: string): readonly string[] | null;
  /** Paths of the corpus, relative to its folder, in a fixed order. */
  corpusPaths: readonly string[];
  corpus(path: string): readonly string[];
}

/** Every labelled text, told apart by what it may be used for. */
export interface Gathered {
  learn: Row[];
  /** By set: rows that choose and judge, never learned from. */
  dev: Map<string, Row[]>;
  /** Corpus texts to learn from that carry stars. */
  starred: Row[];
  corpusTest: Row[];
  /** Test pairs; each row aimed at its brand where one is marked. */
  pairs: Row[][];
  absent: string[];
}

const filled = (lines: readonly string[]): string[] => lines.filter(line => line.trim() !== "");

/** The rows of a set's training half: targeted ones also with, or without, their target. */
function learnedRows(set: SetFacts, lines: readonly string[]): Row[] {
  return lines.flatMap(line => {
    const row = readSetLine(set, line);
    if (row === null) return [];
    const aimed = withBanks(row, line);
    if (aimed !== null) return [row, { ...aimed, set: `${set.name}, aimed` }];
    if (row.input.brandSpans === undefined) return [row];
    const { text, kind } = row.input;
    return [row, { ...row, set: `${set.name}, not aimed`, input: { text, kind } }];
  });
}

/** A word of PolSentiLex as a text of one word, labelled by the mean of its marks. */
function lexiconRows(lines: readonly string[]): Row[] {
  const marks = new Map<string, number[]>();
  for (const line of lines) {
    const comma = line.lastIndexOf(",");
    const value = Number(line.slice(comma + 1));
    const word = line.slice(0, comma).replace("\ufeff", "");
    if (comma <= 0 || !Number.isFinite(value)) continue;
    const known = marks.get(word);
    if (known === undefined) marks.set(word, [value]);
    else known.push(value);
  }
  return [...marks].map(([text, values]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const label: ClassIndex = mean >= 0.5 ? 2 : mean <= -0.5 ? 0 : 1;
    return { set: "PolSentiLex", input: { text, kind: null }, label, polar: false, group: "" };
  });
}

/** A test text is judged as a whole, or toward its brand where one is marked. */
function testRow(one: CorpusText, set: string): Row {
  const rows = rowsOf(one, set);
  const aimed = rows.find(row => row.input.brandSpans !== undefined && row.label === one.label);
  return aimed ?? (rows[0] as Row);
}

/** Groups of neighbouring lines: a minimal pair, or what stands between two empty lines. */
function groupsOf(lines: readonly string[]): CorpusText[][] {
  const groups: CorpusText[][] = [[]];
  for (const line of lines) {
    const one = readCorpusLine(line);
    if (one === null) groups.push([]);
    else groups.at(-1)?.push(one);
  }
  return groups.filter(group => group.length > 0);
}

function gatherFile(path: string, lines: readonly string[], into: Gathered): void {
  const isPairs = path.endsWith(".pairs.txt");
  const set = isPairs ? "pairs" : "corpus";
  for (const group of groupsOf(lines)) {
    const test = group.filter(one => isTestScenario(one.scenario));
    const rest = group.filter(one => !isTestScenario(one.scenario));
    into.learn.push(...rest.flatMap(one => rowsOf(one, set)));
    into.starred.push(...rest.filter(one => one.stars !== null).map(one => starredRow(one, set)));
    const rows = test.map(one => testRow(one, set));
    if (!isPairs) into.corpusTest.push(...rows);
    else if (rows.length > 1) into.pairs.push(rows);
  }
}

const starredRow = (one: CorpusText, set: string): Row => ({
  set,
  input: { text: one.text, kind: one.kind, rating: { value: one.stars ?? 0, scale: 5 } },
  label: one.label,
  polar: false,
  group: one.scenario,
});

/** Gathers everything there is; `openOnly` leaves out the sets that state no licence. */
export function gather(library: Library, openOnly: boolean): Gathered {
  const gathered: Gathered = {
    learn: [],
    dev: new Map(),
    starred: [],
    corpusTest: [],
    pairs: [],
    absent: [],
  };
  for (const set of sets) {
    const train = library.data(`${set.folder}/${set.name}.train.jsonl`);
    const dev = library.data(`${set.folder}/${set.name}.dev.jsonl`);
    if (train === null || dev === null) gathered.absent.push(set.name);
    if (train !== null && !(openOnly && set.folder === "public"))
      gathered.learn.push(...learnedRows(set, filled(train)));
    if (dev !== null)
      gathered.dev.set(
        set.name,
        filled(dev).flatMap(line => readSetLine(set, line) ?? []),
      );
  }
  const lexicon = library.data("open/PolSentiLex-raw.csv");
  if (lexicon === null) gathered.absent.push("PolSentiLex");
  else gathered.learn.push(...lexiconRows(filled(lexicon)));
  for (const path of library.corpusPaths) gatherFile(path, library.corpus(path), gathered);
  return gathered;
}
