import SentimentAnalyzer from "natural/lib/natural/sentiment/SentimentAnalyzer.js";
import porter from "natural/lib/natural/stemmers/porter_stemmer.js";
import Sentiment from "sentiment";
import { SentimentIntensityAnalyzer } from "vader-sentiment";
import wink from "wink-sentiment";
import type { TextKind } from "#domain/item.ts";
import type { Scorer, Tone } from "#tone/define.ts";
import { type Labelled, readToneSet, toneSets } from "./tone-data.ts";

/** One way to read tone: a number below and above zero, and what a text without a side is called. */
interface Rival {
  name: string;
  tone(text: string, kind: TextKind): Tone;
  /** Above zero is praise, below it blame; for texts that have no third class. */
  side(text: string, kind: TextKind): number;
}

const words = (text: string): string[] => text.split(/[^\p{L}\p{N}'’-]+/u).filter(word => word !== "");

const bySign = (score: number, width = 0): Tone =>
  score > width ? "positive" : score < -width ? "negative" : "neutral";

function rival(name: string, side: (text: string) => number, width = 0): Rival {
  return { name, side, tone: text => bySign(side(text), width) };
}

/** What npm offers, as each one's own page says it is used; VADER's page says ±0.05 for neutral. */
function rivals(scorer: Scorer): Rival[] {
  const natural = new SentimentAnalyzer("English", porter, "afinn");
  const sentiment = new Sentiment();
  return [
    {
      name: "molva",
      tone: (text, kind) => scorer.score({ text, kind }).label,
      side: (text, kind) => scorer.score({ text, kind }).score,
    },
    rival("natural", text => natural.getSentiment(words(text))),
    rival("vader-sentiment", text => SentimentIntensityAnalyzer.polarity_scores(text).compound, 0.05),
    rival("wink-sentiment", text => (text.trim() === "" ? 0 : wink(text).normalizedScore)),
    rival("sentiment", text => sentiment.analyze(text).comparative),
  ];
}

const sets = [
  { name: "open/en_uci_sentences", classes: ["negative", "positive"] },
  { name: "open/en_vader_amazon", classes: ["negative", "neutral", "positive"] },
  { name: "open/en_vader_movie", classes: ["negative", "positive"] },
  { name: "open/en_vader_tweets", classes: ["negative", "neutral", "positive"] },
  { name: "open/en_vader_nyt", classes: ["negative", "neutral", "positive"] },
  { name: "open/en_goemotions", classes: ["negative", "neutral", "positive"] },
] as const satisfies readonly { name: string; classes: readonly Tone[] }[];

/** Mean F1 of the classes; where there are two, a text without a side is praise. */
function macroF1({ tone, side }: Rival, classes: readonly Tone[], rows: readonly Labelled[]): number {
  const said = rows.map(({ input: { text, kind }, label }) => ({
    label,
    tone: classes.length === 3 ? tone(text, kind as TextKind) : bySign(side(text, kind as TextKind) || 1),
  }));
  const f1 = (wanted: Tone): number => {
    const hits = said.filter(one => one.label === wanted && one.tone === wanted).length;
    const all =
      said.filter(one => one.label === wanted).length + said.filter(one => one.tone === wanted).length;
    return all === 0 ? 0 : (2 * hits) / all;
  };
  return classes.reduce((sum, each) => sum + f1(each), 0) / classes.length;
}

const leastSeconds = 0.5;

/** Texts a second by processor time, after as many to warm up. */
function textsPerSecond({ tone }: Rival, rows: readonly Labelled[]): number {
  const round = (): number => {
    const before = process.cpuUsage();
    let count = 0;
    while (process.cpuUsage(before).user < leastSeconds * 1_000_000) {
      for (const { input } of rows.slice(0, 100)) tone(input.text, input.kind as TextKind);
      count += Math.min(100, rows.length);
    }
    return count / (process.cpuUsage(before).user / 1_000_000);
  };
  round();
  return Math.round(round());
}

/** 300-character texts of the set's own words. */
function long(rows: readonly Labelled[]): Labelled[] {
  const whole = rows.map(({ input }) => input.text).join(" ");
  return Array.from({ length: 100 }, (_, n) => ({
    label: "neutral",
    input: { text: whole.slice(n * 290, n * 290 + 300), kind: "review" },
  }));
}

export interface Rivalry {
  names: string[];
  /** Macro-F1 by set, in the order of the names. */
  quality: { set: string; f1: number[] }[];
  speed: number[];
}

/** Our scorer beside npm's on the same English dev sets; null when the labelled data is absent. */
export function benchRivals(scorer: Scorer): Rivalry | null {
  const all = rivals(scorer);
  const quality: Rivalry["quality"] = [];
  let texts: Labelled[] = [];
  for (const { name, classes } of sets) {
    const set = toneSets.find(one => one.name === name);
    const rows = set && readToneSet(set, "dev");
    if (!rows) continue;
    texts = [...texts, ...rows];
    const judged = rows.filter(row => (classes as readonly Tone[]).includes(row.label));
    quality.push({ set: name, f1: all.map(one => macroF1(one, classes, judged)) });
  }
  if (quality.length === 0) return null;
  return {
    names: all.map(one => one.name),
    quality,
    speed: all.map(one => textsPerSecond(one, long(texts))),
  };
}

/** One table: quality by set, and speed. */
export function printRivals({ names, quality, speed }: Rivalry): void {
  const line = (first: string, cells: readonly string[]) =>
    console.log(first.padEnd(30) + cells.map(cell => cell.padStart(17)).join(""));
  line("macro-F1 on English dev sets", names);
  for (const { set, f1 } of quality)
    line(
      set,
      f1.map(value => value.toFixed(3)),
    );
  line(
    "texts/s of 300 characters",
    speed.map(value => value.toLocaleString("en")),
  );
}
