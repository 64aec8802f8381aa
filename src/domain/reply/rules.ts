import { z } from "zod";

export const replyOrigins = ["person", "template", "model"] as const;
type ReplyOrigin = (typeof replyOrigins)[number];

const phrase = z.string().trim().min(1).max(200);
const phrases = z.array(phrase).max(1_000);

/** One rule: every condition that is given must hold; a rule without conditions holds for every reply. */
const approvalRuleSchema = z.strictObject({
  priorityFrom: z.int().min(0).max(100).optional().describe("the case's priority is this or more"),
  intents: z.array(z.string().min(1).max(60)).min(1).max(20).optional().describe("the text has one of them"),
  origins: z
    .array(z.enum(replyOrigins))
    .min(1)
    .optional()
    .describe("the reply was written freely, is a template as it stands, or began as a model's draft"),
});
export type ApprovalRule = z.output<typeof approvalRuleSchema>;

/** What `brand.desk` says of replies: `approval` and `answers`. */
export const approvalSchema = z
  .array(approvalRuleSchema)
  .max(50)
  .describe("a reply that one of these rules holds for is approved by another person before it is sent");

/** An absent field is as the program would have it. */
export const answersSchema = z.strictObject({
  forbiddenWords: phrases
    .optional()
    .describe("words and phrases that no answer may hold; `word*` is every word that begins so"),
  promiseWords: phrases.optional().describe("words of promise; without it the list that comes with Molva"),
  contacts: phrases.optional().describe("phones and e-mails of the brand's own, which an answer may show"),
  duplicates: z.boolean().optional().describe("false: an answer may repeat one of the last ten"),
});

/** Promises that an answer in public should not make; used where a brand has no list of its own. */
export const ordinaryPromiseWords: readonly string[] = [
  "гарантируем",
  "гарантирую",
  "обещаем",
  "обещаю",
  "обязуемся",
  "обязательно вернём",
  "обязательно вернем",
  "вернём деньги",
  "вернём вам деньги",
  "возместим",
  "компенсируем",
  "выплатим",
  "больше не повторится",
  "никогда не повторится",
  "will refund",
  "will compensate",
  "guarantee",
  "guaranteed",
  "we promise",
  "never happen again",
];

/** What the rules look at. */
export interface ReplyFacts {
  priority: number;
  intents: readonly string[];
  origin: ReplyOrigin;
}

/** The number, from 1, of the first rule that asks for another person's approval; null: none does. */
export function ruleAskingApproval(rules: readonly ApprovalRule[], facts: ReplyFacts): number | null {
  const index = rules.findIndex(
    ({ priorityFrom = 0, intents, origins }) =>
      facts.priority >= priorityFrom &&
      (intents === undefined || intents.some(intent => facts.intents.includes(intent))) &&
      (origins === undefined || origins.includes(facts.origin)),
  );
  return index < 0 ? null : index + 1;
}
