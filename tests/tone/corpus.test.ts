import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type CorpusText, isTestScenario, readCorpusLine } from "#tone/training/corpus.ts";

const folder = fileURLToPath(new URL("../../corpus/", import.meta.url));

interface Line {
  place: string;
  line: string;
  one: CorpusText | null;
  isPair: boolean;
}

const lines: Line[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter(path => path.endsWith(".txt"))
  .flatMap(path =>
    readFileSync(folder + path, "utf8")
      .split("\n")
      .map((line, at) => ({
        place: `${path}:${at + 1}`,
        line,
        one: readCorpusLine(line),
        isPair: path.endsWith(".pairs.txt"),
      })),
  );
const texts = lines.filter((line): line is Line & { one: CorpusText } => line.one !== null);

/** The form of corpus/README.md, written once more and strictly. */
const form =
  /^(?:review|post|comment|question|news) [a-z0-9]+(?:-[a-z0-9]+)* (?:pos|neu|neg)(?: (?:r[1-5]|sarcasm|spam|generated|(?:complaint|question|threat|safety|praise|suggestion)(?:,(?:complaint|question|threat|safety|praise|suggestion))*))* \| .+$/u;

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Shared words among all words of two texts. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = a.intersection(b).size;
  return common / (a.size + b.size - common);
}

describe("the corpus", () => {
  test("is as large as it is meant to be", () => {
    const count = (language: string) => texts.filter(({ place }) => place.startsWith(`${language}/`)).length;
    expect(count("ru")).toBeGreaterThanOrEqual(3000);
    expect(count("en")).toBeGreaterThanOrEqual(1000);
    const pairs = Map.groupBy(
      texts.filter(({ isPair }) => isPair),
      ({ one }) => one.scenario,
    );
    expect(pairs.size).toBeGreaterThanOrEqual(400);
  });

  test("is written in its form alone", () => {
    const broken = lines.filter(
      ({ line }) => line.trim() !== "" && !line.startsWith("#") && !form.test(line),
    );
    expect(broken.map(({ place }) => place)).toEqual([]);
    const braces = texts.filter(({ one }) => /[{}]/u.test(one.text));
    expect(braces.map(({ place }) => place)).toEqual([]);
  });

  test("gives every review the intent of its tone", () => {
    const intents = ["complaint", null, "praise"] as const;
    const lacking = texts.filter(({ one, isPair }) => {
      const wanted = intents[one.label];
      const isCustomers = one.kind === "review" && !isPair && !one.spam && !one.generated;
      return isCustomers && wanted && !one.intents.includes(wanted);
    });
    expect(lacking.map(({ place }) => place)).toEqual([]);
  });

  test("keeps about a fifth for testing", () => {
    const share = texts.filter(({ one }) => isTestScenario(one.scenario)).length / texts.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.25);
  });

  test("tests on no text that was nearly learned", () => {
    const indexed = texts.map(text => ({ ...text, words: wordsOf(text.one.text) }));
    const learned = indexed.filter(({ one }) => !isTestScenario(one.scenario));
    const byWord = new Map<string, number[]>();
    learned.forEach(({ words }, at) => {
      for (const word of words) byWord.set(word, [...(byWord.get(word) ?? []), at]);
    });
    const near: string[] = [];
    for (const { one, words, place } of indexed) {
      if (!isTestScenario(one.scenario) || words.size < 3) continue;
      // A near-duplicate shares most words, so it shares one of the rarest third.
      const rare = [...words].sort((a, b) => (byWord.get(a)?.length ?? 0) - (byWord.get(b)?.length ?? 0));
      const candidates = new Set(
        rare.slice(0, Math.ceil(words.size / 2)).flatMap(word => byWord.get(word) ?? []),
      );
      for (const at of candidates) {
        const other = learned[at];
        if (other && likeness(words, other.words) > 0.6) near.push(`${place} ~ ${other.place}`);
      }
    }
    expect(near).toEqual([]);
  });
});

describe("a line", () => {
  test("gives its text without marks, and where the marks were", () => {
    const one = readCorpusLine(
      "review tea-box neg r2 complaint,question | Взяла {brand: Ветер}. {quality-: Потёк}, {delivery+: привезли быстро}.\\nЧто делать?",
    );
    expect(one).toMatchObject({ kind: "review", scenario: "tea-box", label: 0, stars: 2, sarcasm: false });
    expect(one?.text).toBe("Взяла Ветер. Потёк, привезли быстро.\nЧто делать?");
    expect(one?.intents).toEqual(["complaint", "question"]);
    expect(one?.brands).toEqual([{ start: 6, end: 11, label: 0 }]);
    expect(one?.aspects).toEqual([
      { aspect: "quality", start: 13, end: 18, label: 0 },
      { aspect: "delivery", start: 20, end: 35, label: 2 },
    ]);
  });
  test.each(["", "# comment", "no bar here", "review only-two | text"])("%j is none", line =>
    expect(readCorpusLine(line)).toBeNull(),
  );
});
