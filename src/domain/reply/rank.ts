import { likenesses } from "./likeness.ts";

/** What is answered, as far as ranking needs it. */
export interface Question {
  text: string;
  language: string;
  tone: string;
  aspects: readonly string[];
  product: string | null;
}

export interface TemplateCandidate {
  id: string;
  brandId: string | null;
  language: string;
  aspect: string | null;
  tone: string | null;
  /** Variables that it prints and the mention does not have. */
  missing: readonly string[];
}

export interface AnswerCandidate {
  id: string;
  templateId: string | null;
  question: string;
  tone: string;
  aspects: readonly string[];
  product: string | null;
}

/** A candidate with its points and why it has them, the weightiest reason first. */
export interface Ranked<Candidate> {
  candidate: Candidate;
  score: number;
  why: string[];
}

interface Reason {
  points: number;
  why: string;
}

const similarFrom = 0.2;
const percent = (share: number) => `${Math.round(share * 100)} %`;

/**
 * Templates in the text's language that speak of its tone, best first: its aspect, its brand, and whether answers
 * made from the template went to similar texts.
 */
export function rankTemplates<Candidate extends TemplateCandidate>(
  question: Question,
  templates: readonly Candidate[],
  past: readonly AnswerCandidate[],
): Ranked<Candidate>[] {
  const likeness = bestLikeness(question, past);
  return ranked(
    templates.filter(
      ({ language, tone }) => language === question.language && (tone === null || tone === question.tone),
    ),
    template => templateReasons(template, question, likeness.get(template.id) ?? 0),
  );
}

function templateReasons(
  template: TemplateCandidate,
  { aspects, tone }: Question,
  likeness: number,
): Reason[] {
  const { aspect, missing } = template;
  const place = aspect === null ? -1 : aspects.indexOf(aspect);
  return [
    ...(place < 0 ? [] : [{ points: place === 0 ? 40 : 30, why: `is about ${aspect}, as the text is` }]),
    ...(aspect !== null && place < 0
      ? [{ points: -30, why: `is about ${aspect}, and the text is not` }]
      : []),
    ...(template.tone === tone ? [{ points: 15, why: `answers a ${tone} text` }] : []),
    ...(template.brandId === null ? [] : [{ points: 10, why: "is the brand's own" }]),
    ...(likeness < similarFrom
      ? []
      : [{ points: 30 * likeness, why: `answered a text that is ${percent(likeness)} alike` }]),
    ...(missing.length === 0
      ? []
      : [{ points: -40, why: `lacks ${missing.map(name => `{{${name}}}`).join(", ")} here` }]),
  ];
}

/** Past answers to texts that are alike, best first; to texts of which nothing is shared, none. */
export function rankAnswers<Candidate extends AnswerCandidate>(
  question: Question,
  past: readonly Candidate[],
): Ranked<Candidate>[] {
  const likeness = likenesses(
    question.text,
    past.map(answer => answer.question),
  );
  const byId = new Map(past.map((answer, index) => [answer.id, likeness[index] ?? 0]));
  return ranked(past, answer => answerReasons(answer, question, byId.get(answer.id) ?? 0)).filter(
    ({ candidate, score }) =>
      score > 0 &&
      ((byId.get(candidate.id) ?? 0) >= similarFrom ||
        shared(candidate.aspects, question.aspects).length > 0),
  );
}

function answerReasons(answer: AnswerCandidate, question: Question, likeness: number): Reason[] {
  const aspects = shared(answer.aspects, question.aspects);
  const isSameProduct = question.product !== null && answer.product === question.product;
  return [
    ...(likeness < similarFrom
      ? []
      : [{ points: 60 * likeness, why: `answered a text that is ${percent(likeness)} alike` }]),
    ...(aspects.length === 0
      ? []
      : [{ points: 10 + 5 * aspects.length, why: `that text was about ${aspects.join(", ")} too` }]),
    ...(answer.tone === question.tone ? [{ points: 10, why: `that text was ${question.tone} too` }] : []),
    ...(isSameProduct ? [{ points: 10, why: "that text was about the same product" }] : []),
  ];
}

const shared = (some: readonly string[], others: readonly string[]): string[] =>
  others.filter(one => some.includes(one));

/** The likest text that an answer made from each template went to. */
function bestLikeness({ text }: Question, past: readonly AnswerCandidate[]): ReadonlyMap<string, number> {
  const made = past.filter(answer => answer.templateId !== null);
  const found = likenesses(
    text,
    made.map(answer => answer.question),
  );
  const best = new Map<string, number>();
  for (const [index, { templateId }] of made.entries())
    best.set(templateId as string, Math.max(best.get(templateId as string) ?? 0, found[index] ?? 0));
  return best;
}

function ranked<Candidate>(
  candidates: readonly Candidate[],
  reasonsOf: (candidate: Candidate) => Reason[],
): Ranked<Candidate>[] {
  return candidates
    .map(candidate => {
      const reasons = reasonsOf(candidate).toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points));
      const score = Math.round(reasons.reduce((sum, { points }) => sum + points, 0));
      return { candidate, score, why: reasons.map(({ why }) => why) };
    })
    .toSorted((a, b) => b.score - a.score);
}
