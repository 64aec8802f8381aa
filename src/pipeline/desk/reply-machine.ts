import type { CaseStatus, ReplyState } from "#store/tables.ts";

export const replySteps = ["draft", "submit", "approve", "reject", "reply", "withdraw", "missing"] as const;
export type ReplyStep = (typeof replySteps)[number];

/** Where a person's step leads from a state; absent: impossible. What leads on from approved is the sending's. */
export const afterStep: Record<ReplyStep, Partial<Record<ReplyState, ReplyState>>> = {
  draft: { draft: "draft" },
  submit: { draft: "submitted" },
  approve: { submitted: "approved" },
  reject: { submitted: "rejected" },
  /** `submitted`, where a rule asks for another person. */
  reply: { draft: "approved" },
  withdraw: { draft: "removed", submitted: "draft", approved: "draft" },
  missing: { unknown: "draft" },
};

/** States of an earlier reply that leave its place free for a new one. */
export const overStates: readonly ReplyState[] = ["rejected", "refused", "removed"];

/** What somebody sees who tries an impossible step. */
export const whatNext: Record<ReplyState, string> = {
  draft: "submit it, or withdraw it",
  submitted: "approve or reject it, or withdraw it to change it",
  approved: "withdraw it before it is sent, to change it",
  rejected: "draft a new one",
  sending: "wait until it is sent",
  sent: "wait until it is seen in public",
  published: "draft a change of it where the source allows one",
  refused: "draft a new one",
  removed: "draft a new one",
  unknown:
    "look yourself: resolve the case if it stands there, else take the step `missing` to send it again",
};

/** On their way out: nothing is left for people to do. */
const underWay: readonly ReplyState[] = ["approved", "sending", "sent", "unknown"];

/** A place of a case and how far its answer is. */
export interface PlaceState {
  /** Whether the text still asks for an answer. */
  inNeed: boolean;
  reply: ReplyState | null;
}

/**
 * Where a living case stands by its replies: something waits for approval · everything that asks for an answer
 * is on its way · people have work to do. Null leaves it as it is.
 */
export function caseStatusAfter(status: CaseStatus, places: readonly PlaceState[]): CaseStatus | null {
  const wanted = wantedStatus(places);
  const isWaiting = status === "awaiting-approval" || status === "awaiting-publication";
  if (wanted === null) return isWaiting ? "open" : null;
  return wanted === status ? null : wanted;
}

function wantedStatus(places: readonly PlaceState[]): CaseStatus | null {
  if (places.some(({ reply }) => reply === "submitted")) return "awaiting-approval";
  const isSent = ({ reply }: PlaceState) => reply !== null && underWay.includes(reply);
  const waits = places.some(isSent) && places.every(place => !place.inNeed || isSent(place));
  return waits ? "awaiting-publication" : null;
}
