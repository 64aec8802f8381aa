import { InputError } from "#domain/errors.ts";
import type { ReplyProblem } from "#domain/reply/checks.ts";
import { type Question, rankAnswers, rankTemplates } from "#domain/reply/rank.ts";
import { renderTemplate } from "#domain/reply/template.ts";
import { type BrandRow, findBrand } from "#store/brand.ts";
import type { CaseRow } from "#store/case.ts";
import type { Db } from "#store/db.ts";
import { type PastAnswer, pastAnswers, type ReplyPlace, replyPlaces } from "#store/reply-place.ts";
import { listTemplates } from "#store/template.ts";
import { type Check, nameOf, openChecks, valuesAt } from "./reply-text.ts";

/** A text that could answer, with its points and why. */
export interface Suggestion {
  kind: "template" | "answer" | "model";
  score: number;
  why: string[];
  text: string;
  templateId: string | null;
  /** The past answer. */
  replyId: string | null;
  /** Variables of the template that this text does not have. */
  missing: string[];
  problems: ReplyProblem[];
}

/** Everything that proposing an answer to one text starts from. */
export interface Proposing {
  row: CaseRow;
  brand: BrandRow;
  place: ReplyPlace;
  past: PastAnswer[];
  check: Check;
}

const readAnswers = 300;
const readTemplates = 500;
const shownEach = 5;

/** Reads what is known about a text of a case; an InputError for a text that is none of the case's. */
export async function openProposing(
  db: Db,
  row: CaseRow,
  documentId: string | undefined,
): Promise<Proposing> {
  const [brand, places] = await Promise.all([findBrand(db, row.brand_id), replyPlaces(db, row.id)]);
  const place = places.find(one =>
    documentId === undefined ? one.mention_id === row.mention_id : one.document_id === documentId,
  );
  if (!brand || !place || place.gone)
    throw new InputError(
      `documentId is ${documentId ?? "absent"}; expected one of the texts of this case that still stand`,
      "documentId",
    );
  const [past, check] = await Promise.all([
    pastAnswers(db, brand.id, place.language, { besideCaseId: row.id, limit: readAnswers }),
    openChecks(db, row, brand),
  ]);
  return { row, brand, place, past, check };
}

export const questionAt = ({ title, text, language, tone, aspects, product }: ReplyPlace): Question => ({
  text: title === null ? text : `${title}\n${text}`,
  language,
  tone,
  aspects,
  product,
});

/** Templates and past answers that fit a text, each kind best first, with what would keep them from being sent. */
export async function suggest(
  db: Db,
  { brand, place, past, check }: Proposing,
  personId: string | null,
): Promise<Suggestion[]> {
  const filters = { brandIds: [brand.id], language: place.language };
  const [templates, person] = await Promise.all([
    listTemplates(db, filters, { after: null, limit: readTemplates }),
    nameOf(db, personId),
  ]);
  const question = questionAt(place);
  const candidates = templates.map(template => {
    const rendered = renderTemplate(
      template.text,
      valuesAt(place, brand, { language: template.language, person }),
    );
    return { ...template, ...rendered, brandId: template.brand_id };
  });
  const fromTemplates = rankTemplates(question, candidates, asCandidates(past))
    .slice(0, shownEach)
    .map(({ candidate: { id, text, missing }, score, why }) => ({
      ...{ kind: "template" as const, score, why, text, missing },
      ...{ templateId: id, replyId: null, problems: check(text, place) },
    }));
  const fromAnswers = rankAnswers(question, asCandidates(past))
    .slice(0, shownEach)
    .map(({ candidate, score, why }) => {
      const text = addressed(candidate, place.author_name);
      return {
        ...{ kind: "answer" as const, score, why, text, missing: [] },
        ...{ templateId: null, replyId: candidate.id, problems: check(text, place) },
      };
    });
  return [...fromTemplates, ...fromAnswers].toSorted((a, b) => b.score - a.score);
}

const asCandidates = (past: readonly PastAnswer[]) =>
  past.map(answer => ({ ...answer, templateId: answer.template_id }));

/** An answer to somebody else speaks to this author. */
function addressed({ text, author_name }: PastAnswer, name: string | null): string {
  if (author_name === null || author_name.length < 2 || name === null) return text;
  return text.replaceAll(author_name, () => name);
}
