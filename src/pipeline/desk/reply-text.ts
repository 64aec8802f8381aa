import { InputError, MolvaError } from "#domain/errors.ts";
import { checkReply, type ReplyProblem } from "#domain/reply/checks.ts";
import { ordinaryPromiseWords } from "#domain/reply/rules.ts";
import { renderTemplate } from "#domain/reply/template.ts";
import { type TemplateValues, templateValues } from "#domain/reply/template-values.ts";
import { canReply } from "#sources/define.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { BrandRow } from "#store/brand.ts";
import type { CaseRow } from "#store/case.ts";
import type { Db } from "#store/db.ts";
import { findPerson } from "#store/person.ts";
import { lastAnswers } from "#store/reply.ts";
import type { ReplyPlace } from "#store/reply-place.ts";
import { findTemplate, type TemplateRow } from "#store/template.ts";

/** How many of the brand's last answers a new one may not repeat. */
const comparedAnswers = 10;

/** A text that may not be sent as it is; every problem names its words and their place. */
export class ReplyProblemsError extends MolvaError {
  readonly problems: readonly ReplyProblem[];

  constructor(problems: readonly ReplyProblem[]) {
    super("reply-problems", problems.map(({ message }) => message).join(". "), { retry: "never" });
    this.problems = problems;
  }
}

/** Whether a program can publish the answer at this place, or a person has to post it. */
export const isAssisted = ({ source_kind, kind }: ReplyPlace): boolean =>
  !canReply(findSourceKind(source_kind), kind);

/** Reads once what all texts of a case are checked against, and checks one. */
export async function openChecks(db: Db, row: CaseRow, brand: BrandRow) {
  const { forbiddenWords = [], contacts = [], duplicates = true, ...words } = brand.desk.answers ?? {};
  const { promiseWords = ordinaryPromiseWords } = words;
  const recent = duplicates ? await lastAnswers(db, row.brand_id, row.id, comparedAnswers) : [];
  return (text: string, place: ReplyPlace): ReplyProblem[] =>
    checkReply(text, {
      length: lengthAt(place),
      forbiddenWords,
      promiseWords,
      contacts,
      recent,
    });
}

export type Check = Awaited<ReturnType<typeof openChecks>>;

function lengthAt(place: ReplyPlace) {
  if (isAssisted(place)) return null;
  const { reply, title } = findSourceKind(place.source_kind);
  if (reply === undefined) return null;
  return { min: reply.limits.minLength, max: reply.limits.maxLength, where: title.en };
}

/** What the variables of a template stand for at a place; dates and titles in the template's language. */
export function valuesAt(
  place: ReplyPlace,
  brand: Pick<BrandRow, "name" | "timezone">,
  { language, person }: { language: string; person: string | null },
): TemplateValues {
  const { title } = findSourceKind(place.source_kind);
  return templateValues({
    author: place.author_name,
    brand: brand.name,
    product: place.product,
    rating: place.rating5,
    source: language === "ru" ? title.ru : title.en,
    title: place.title,
    aspect: place.aspects[0] ?? null,
    language: place.language,
    date: dayIn(language, brand.timezone).format(place.occurred_at),
    person,
  });
}

const dayIn = (language: string, timeZone: string) =>
  new Intl.DateTimeFormat(/^[a-z]{2,3}$/.test(language) ? language : "en", { dateStyle: "long", timeZone });

/** The name of the person who answers, for templates that sign. */
export const nameOf = async (db: Db, personId: string | null): Promise<string | null> =>
  personId === null ? null : ((await findPerson(db, personId))?.name ?? null);

/** A living template that a case of this brand may use; an InputError for any other. */
export async function templateFor(db: Db, templateId: string, brandId: string): Promise<TemplateRow> {
  const template = await findTemplate(db, templateId);
  if (template && (template.brand_id === null || template.brand_id === brandId)) return template;
  throw new InputError(
    `There is no template ${templateId} for this brand; GET /v1/templates lists them`,
    "templateId",
  );
}

/** A template's text for a place, or the InputError that names what the mention lacks. */
export function filled(template: TemplateRow, values: TemplateValues): string {
  const { text, missing } = renderTemplate(template.text, values);
  if (missing.length === 0) return text;
  const names = missing.map(name => `{{${name}}}`).join(", ");
  throw new InputError(
    `The template "${template.name}" prints ${names}, which this text does not have; send a text of your own, or put {{#if ${missing[0]}}}…{{/if}} around it in the template`,
    "templateId",
  );
}

/** The same where a text of one's own makes up for what the mention lacks: null then. */
export function fillable(template: TemplateRow, values: TemplateValues): string | null {
  const { text, missing } = renderTemplate(template.text, values);
  return missing.length === 0 ? text : null;
}
