import type { FieldName, PhraseNode, QueryNode } from "#domain/query/ast.ts";
import type { Leaf, LeafSet } from "#domain/query/leaves.ts";

/** A query over leaves, ready to be evaluated. `label` is how people are told about a part. */
export type Plan =
  | { type: "leaf"; leaf: Leaf }
  | { type: "phrase"; leaves: Leaf[]; tight: boolean; label: string }
  | { type: "near"; distance: number; left: Plan; right: Plan }
  | { type: "and" | "or"; children: Plan[] }
  | { type: "not"; child: Plan };

/** The plan of a query whose words join `leaves`. */
export function planOf(node: QueryNode, leaves: LeafSet, field: FieldName | null = null): Plan {
  switch (node.type) {
    case "word":
      return { type: "leaf", leaf: leaves.add(node, field) };
    case "phrase":
      return phrasePlan(node, leaves, field);
    case "near": {
      const left = planOf(node.left, leaves, field);
      return { type: "near", distance: node.distance, left, right: planOf(node.right, leaves, field) };
    }
    case "and":
    case "or":
      return {
        type: node.type,
        children: distinct(node.children.map(child => planOf(child, leaves, field))),
      };
    case "not":
      return { type: "not", child: planOf(node.child, leaves, field) };
    case "field":
      return planOf(node.child, leaves, node.field);
  }
}

/** A word named a hundred times must not cost a hundred times its hits. */
const distinct = (plans: readonly Plan[]): Plan[] => [
  ...new Map(plans.map(plan => [plan.type === "leaf" ? plan.leaf : plan, plan])).values(),
];

/** кока-кола is also written кока кола and кокакола. */
function phrasePlan(node: PhraseNode, leaves: LeafSet, field: FieldName | null): Plan {
  const { words, join } = node;
  const label = words
    .map(({ text }, index) => (index > 0 ? (node.gaps[index - 1] ?? " ") : "") + text)
    .join("");
  const phrase: Plan = {
    type: "phrase",
    leaves: words.map(word => leaves.add(word, field)),
    tight: join === "tight",
    label,
  };
  if (join !== "hyphen") return phrase;
  const { mode } = words.at(-1)!;
  const together = leaves.add({ type: "word", text: words.map(({ text }) => text).join(""), mode }, field);
  return { type: "or", children: [phrase, { type: "leaf", leaf: together }] };
}

/** Leaves of which at least one is present in every match; `cost` guesses how many documents have one. */
export interface Cover {
  leaves: Leaf[];
  cost: number;
}

/** Long words are rare, those of many queries are not; every document of a source shares that source's name. */
function costOf({ folded, mode, fields, uses }: Leaf): number {
  const scope = fields[0] === "source" || fields[0] === "url" ? 100 : 1;
  return (scope * uses * (mode === "prefix" ? 4 : 1)) / folded.length ** 2;
}

const coverOfLeaf = (leaf: Leaf): Cover => ({ leaves: [leaf], cost: costOf(leaf) });

const cheapest = (covers: readonly (Cover | null)[]): Cover | null =>
  covers.reduce(
    (best, cover) => (cover !== null && (best === null || cover.cost < best.cost) ? cover : best),
    null,
  );

/** The cheapest cover of a plan, or null when it can match a document that has none of its leaves. */
export function coverOf(plan: Plan): Cover | null {
  switch (plan.type) {
    case "leaf":
      return coverOfLeaf(plan.leaf);
    case "phrase":
      return cheapest(plan.leaves.map(coverOfLeaf));
    case "near":
      return cheapest([coverOf(plan.left), coverOf(plan.right)]);
    case "and":
      return cheapest(plan.children.map(coverOf));
    case "or": {
      const covers = plan.children.map(coverOf);
      const found = covers.filter(cover => cover !== null);
      if (found.length < covers.length) return null;
      return {
        leaves: found.flatMap(({ leaves }) => leaves),
        cost: found.reduce((sum, { cost }) => sum + cost, 0),
      };
    }
    case "not":
      return null;
  }
}
