import { evaluate, fieldOf } from "#domain/query/evaluate.ts";
import type { Interval, Page } from "#domain/query/page.ts";
import type { Plan } from "#domain/query/plan.ts";

const maxParts = 5;
const maxQuoteLength = 60;

const joined = (parts: readonly string[], separator: string): string => {
  const shown = parts.slice(0, maxParts).join(separator);
  return parts.length > maxParts ? `${shown} and ${parts.length - maxParts} more` : shown;
};

/** A part of a query as people typed it. */
function nameOf(plan: Plan): string {
  switch (plan.type) {
    case "leaf":
      return `"${plan.leaf.text}${plan.leaf.mode === "prefix" ? "*" : ""}"`;
    case "phrase":
      return `"${plan.label}"`;
    case "near":
      return `${nameOf(plan.left)} near ${nameOf(plan.right)}`;
    case "not":
      return `not ${nameOf(plan.child)}`;
    case "and":
    case "or":
      return plan.children.length === 0
        ? ""
        : joined(plan.children.map(nameOf), plan.type === "or" ? " or " : " and ");
  }
}

function quote({ first, last }: Interval, page: Page): string {
  const { name, text } = fieldOf(page, first);
  const { starts, ends } = page.words;
  const start = starts[first]!;
  return `«${text.slice(start, Math.min(ends[last]!, start + maxQuoteLength)).toWellFormed()}» in ${name}`;
}

/** What the page has of `plan`, part by part. */
function present(plan: Plan, page: Page): string[] {
  if (plan.type === "and" || plan.type === "or") return plan.children.flatMap(child => present(child, page));
  const [interval] = plan.type === "not" ? [] : (evaluate(plan, page) ?? []);
  return interval === undefined ? [] : [`${nameOf(plan)} as ${quote(interval, page)}`];
}

/** Why a page matches: which part of the query was found as what. */
export function matchReason(plan: Plan, page: Page): string {
  return `found ${joined([...new Set(present(plan, page))], ", ")}`;
}

const placesOf = (plan: Plan): string =>
  plan.type === "leaf"
    ? plan.leaf.fields.join(" or ")
    : plan.type === "phrase"
      ? plan.leaves[0]!.fields.join(" or ")
      : "";

/** Why a page does not match: what is missing, too far apart or excluded. */
export function missReason(plan: Plan, page: Page): string {
  switch (plan.type) {
    case "leaf":
    case "phrase":
      return `no ${nameOf(plan)} in ${placesOf(plan)}`;
    case "near":
      return nearMissReason(plan, page);
    case "and": {
      const missed = plan.children.filter(child => evaluate(child, page) === null);
      return joined([...new Set(missed.map(child => missReason(child, page)))], "; ");
    }
    case "or":
      return joined([...new Set(plan.children.map(child => missReason(child, page)))], ", ");
    case "not":
      return `excluded: ${matchReason(plan.child, page)}`;
  }
}

function nearMissReason(plan: Extract<Plan, { type: "near" }>, page: Page): string {
  const missed = [plan.left, plan.right].filter(side => evaluate(side, page) === null);
  if (missed.length > 0) return missed.map(side => missReason(side, page)).join("; ");
  return `${nameOf(plan.left)} and ${nameOf(plan.right)} are further than ${plan.distance} words apart`;
}
