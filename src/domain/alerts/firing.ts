/** What a rule's evaluator says: this subject is worth an alert, once. */
export interface Firing {
  /** Unique within the rule: looking twice fires once. */
  subject: string;
  at: Date;
  mentionId: string | null;
  caseId: string | null;
  sourceId: string | null;
  /** Why, without texts and names of people. */
  reason: Record<string, unknown>;
}
