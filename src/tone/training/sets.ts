import type { TextKind } from "#domain/item.ts";
import type { Span, ToneInput } from "#tone/define.ts";
import type { JudgedBy } from "./measure.ts";
import type { ClassIndex, Row } from "./rows.ts";

/** A labelled set of others: `public` ones have no stated licence and may be left out of training. */
export interface SetFacts {
  name: string;
  folder: "open" | "public";
  kind: TextKind;
  /** The set has no neutral texts. */
  polar?: boolean;
  /** How the set is judged, see measure.ts. */
  judgedBy: JudgedBy;
  licence: string;
  what: string;
}

/** Every labelled set that the model may learn from, see the data's own README for where they come from. */
export const sets: readonly SetFacts[] = [
  {
    name: "ru_otzovik_sber",
    folder: "public",
    kind: "review",
    judgedBy: "polarF1",
    licence: "public reviews, none stated",
    what: "reviews of a bank",
  },
  {
    name: "ru_marketplace",
    folder: "public",
    kind: "review",
    judgedBy: "polarF1",
    licence: "public reviews, none stated",
    what: "marketplace reviews",
  },
  {
    name: "ru_livelib_books",
    folder: "public",
    kind: "review",
    judgedBy: "twoClassF1",
    licence: "public reviews, none stated",
    what: "book reviews",
  },
  {
    name: "ru_sentirueval_2016_banks",
    folder: "public",
    kind: "post",
    judgedBy: "macroF1",
    licence: "shared-task data, none stated",
    what: "tweets about banks",
  },
  {
    name: "ru_rusentitweet",
    folder: "open",
    kind: "post",
    judgedBy: "macroF1",
    licence: "CC BY 4.0 (paper)",
    what: "general tweets",
  },
  {
    name: "ru_cedr",
    folder: "open",
    kind: "post",
    judgedBy: "macroF1",
    licence: "Apache-2.0",
    what: "sentences of blogs, news, tweets",
  },
  {
    name: "ru_goemotions_mt",
    folder: "open",
    kind: "comment",
    judgedBy: "macroF1",
    licence: "MIT / Apache-2.0",
    what: "machine-translated comments",
  },
  {
    name: "ru_rusentne",
    folder: "open",
    kind: "news",
    judgedBy: "polarF1",
    licence: "MIT",
    what: "news sentences, tone toward an entity",
  },
  {
    name: "en_goemotions",
    folder: "open",
    kind: "comment",
    judgedBy: "macroF1",
    licence: "Apache-2.0",
    what: "comments",
  },
  {
    name: "en_uci_sentences",
    folder: "open",
    kind: "review",
    polar: true,
    judgedBy: "twoClassF1",
    licence: "CC BY 4.0",
    what: "sentences of reviews",
  },
  {
    name: "en_vader_tweets",
    folder: "open",
    kind: "post",
    judgedBy: "macroF1",
    licence: "MIT",
    what: "tweets",
  },
  {
    name: "en_vader_amazon",
    folder: "open",
    kind: "review",
    judgedBy: "macroF1",
    licence: "MIT",
    what: "sentences of product reviews",
  },
  {
    name: "en_vader_movie",
    folder: "open",
    kind: "review",
    judgedBy: "twoClassF1",
    licence: "MIT",
    what: "sentences of film reviews",
  },
  {
    name: "en_vader_nyt",
    folder: "open",
    kind: "news",
    judgedBy: "macroF1",
    licence: "MIT",
    what: "sentences of newspaper opinion",
  },
];

const labels: Readonly<Record<string, ClassIndex>> = { neg: 0, neu: 1, pos: 2 };

interface Line {
  text: string;
  label: string;
  raw?: unknown;
  pos?: [string, string];
  domain?: string;
}

/** How the banks of SentiRuEval are written in its tweets. */
const banks: Readonly<Record<string, RegExp>> = {
  банкмосквы: /банк\p{L}*\s+москвы|bank\s*of\s*moscow/giu,
  россельхозбанк: /россельхоз\p{L}*|рсхб|rshb/giu,
  втб: /втб(?:\s?24)?|vtb(?:24)?/giu,
  сбербанк: /сбер\p{L}*|sber\p{L}*/giu,
  альфабанк: /альф[аыеу]\p{L}*(?:[\s-]банк\p{L}*)?|alfa[\s_-]?\p{L}*/giu,
  уралсиб: /уралсиб\p{L}*|uralsib/giu,
  газпромбанк: /газпром\p{L}*|гпб/giu,
  райффайзенбанк: /рай[ф]+айзен\p{L}*|райф\p{L}*|rai[f]+\p{L}*/giu,
};

/** Where the entities of a SentiRuEval row stand in its text. */
function bankSpans(text: string, raw: unknown): Span[] {
  if (!Array.isArray(raw)) return [];
  const spans: Span[] = [];
  for (const pair of raw as [string, string][]) {
    const pattern = banks[pair[0]];
    for (const match of pattern === undefined ? [] : text.matchAll(pattern))
      spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** Reads one line of a set's file; null when its label is none of ours. */
export function readSetLine(set: SetFacts, line: string): Row | null {
  const row = JSON.parse(line) as Line;
  const label = labels[row.label];
  if (label === undefined) return null;
  const input: ToneInput = { text: row.text, kind: set.kind };
  if (row.pos !== undefined) input.brandSpans = [{ start: Number(row.pos[0]), end: Number(row.pos[1]) }];
  return { set: set.name, input, label, polar: set.polar === true, group: row.domain ?? "" };
}

/** The same row with its banks marked, or null where none is found. */
export function withBanks(row: Row, line: string): Row | null {
  const brandSpans = bankSpans(row.input.text, (JSON.parse(line) as Line).raw);
  return brandSpans.length === 0 ? null : { ...row, input: { ...row.input, brandSpans } };
}
