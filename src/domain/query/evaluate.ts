import type { Interval, Page, PageField } from "#domain/query/page.ts";
import type { Plan } from "#domain/query/plan.ts";

type PhrasePlan = Extract<Plan, { type: "phrase" }>;
type NearPlan = Extract<Plan, { type: "near" }>;

/** Whether a page satisfies `plan`: most awakened brands end here, so it allocates nothing before it must. */
export function holds(plan: Plan, page: Page): boolean {
  switch (plan.type) {
    case "leaf":
      return page.hits.has(plan.leaf.id);
    case "phrase":
      return plan.leaves.every(({ id }) => page.hits.has(id)) && searched(plan, page) !== null;
    case "near":
      return holds(plan.left, page) && holds(plan.right, page) && searched(plan, page) !== null;
    case "and":
      return plan.children.every(child => holds(child, page));
    case "or":
      return plan.children.some(child => holds(child, page));
    case "not":
      return !holds(plan.child, page);
  }
}

/** Where a page satisfies `plan`, or null when it does not; an exclusion that holds is nowhere. Linear in the hits. */
export function evaluate(plan: Plan, page: Page): readonly Interval[] | null {
  switch (plan.type) {
    case "leaf":
      return page.hits.get(plan.leaf.id) ?? null;
    case "phrase":
    case "near":
      return searched(plan, page);
    case "and":
      return everyInterval(plan.children, page);
    case "or": {
      const found = plan.children.map(child => evaluate(child, page)).filter(intervals => intervals !== null);
      return found.length === 0 ? null : found.flat();
    }
    case "not":
      return evaluate(plan.child, page) === null ? [] : null;
  }
}

/** A phrase or a neighbourhood is looked for once per page. */
function searched(plan: PhrasePlan | NearPlan, page: Page): readonly Interval[] | null {
  const known = page.found.get(plan);
  if (known !== undefined) return known;
  const intervals = plan.type === "phrase" ? phraseIntervals(plan, page) : nearIntervals(plan, page);
  page.found.set(plan, intervals);
  return intervals;
}

function everyInterval(plans: readonly Plan[], page: Page): readonly Interval[] | null {
  const all: (readonly Interval[])[] = [];
  for (const plan of plans) {
    const intervals = evaluate(plan, page);
    if (intervals === null) return null;
    all.push(intervals);
  }
  return all.flat();
}

/** Grows the beginnings of the phrase word by word, keyed by where they end. */
function phraseIntervals({ leaves, tight }: PhrasePlan, page: Page): readonly Interval[] | null {
  let begun = new Map<number, number>();
  for (const [index, leaf] of leaves.entries()) {
    const grown = new Map<number, number>();
    for (const { first, last } of page.hits.get(leaf.id) ?? []) {
      const start = index === 0 ? first : begun.get(first - 1);
      if (start !== undefined && (index === 0 || !tight || isTight(page, first))) grown.set(last, start);
    }
    if (grown.size === 0) return null;
    begun = grown;
  }
  return [...begun].map(([last, first]) => ({ first, last }));
}

/** Whether no white space parts the word at `position` from the one before. */
function isTight(page: Page, position: number): boolean {
  const { starts, ends } = page.words;
  const { text } = fieldOf(page, position);
  return !/\s/.test(text.slice(ends[position - 1]!, starts[position]!));
}

/** The field that holds the word at `position`. */
export const fieldOf = ({ fields }: Page, position: number): PageField =>
  fields.find(({ until }) => position < until)!;

/** Pairs every interval of each side with its closest neighbours on the other, in one pass over both. */
function nearIntervals({ left, right, distance }: NearPlan, page: Page): readonly Interval[] | null {
  const ones = evaluate(left, page);
  const others = ones === null ? null : evaluate(right, page);
  if (ones === null || others === null) return null;
  const pairs = [...followed(ones, others, distance, page), ...followed(others, ones, distance, page)];
  return pairs.length === 0 ? null : pairs;
}

/** For each of `befores` the closest of `afters` that starts behind its end, within `distance` and the same field. */
function followed(
  befores: readonly Interval[],
  afters: readonly Interval[],
  distance: number,
  page: Page,
): Interval[] {
  const byEnd = befores.toSorted((a, b) => a.last - b.last);
  const byStart = afters.toSorted((a, b) => a.first - b.first);
  const pairs: Interval[] = [];
  let next = 0;
  for (const before of byEnd) {
    while (next < byStart.length && byStart[next]!.first <= before.last) next++;
    const after = byStart[next];
    if (after === undefined) break;
    const close = after.first - before.last <= distance;
    if (close && fieldOf(page, before.last) === fieldOf(page, after.first)) pairs.push(before, after);
  }
  return pairs;
}
