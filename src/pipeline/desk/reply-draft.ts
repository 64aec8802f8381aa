import { InputError } from "#domain/errors.ts";
import { contentHash } from "#domain/hash.ts";
import { cleanText } from "#domain/text.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { BrandRow } from "#store/brand.ts";
import type { CaseRow } from "#store/case.ts";
import { sqlState, type Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { insertReply, isModelText, type ReplyRow, updateReply } from "#store/reply.ts";
import type { ReplyPlace } from "#store/reply-place.ts";
import { overStates, whatNext } from "./reply-machine.ts";
import { fillable, filled, isAssisted, nameOf, templateFor, valuesAt } from "./reply-text.ts";
import { CaseConflictError, type Scope } from "./steps.ts";

/** What somebody wants to answer; what is absent stays as it is. */
export interface ReplyWish {
  /** The text of the case that is answered; absent: the one that the case was opened for. */
  documentId?: string | undefined;
  text?: string | undefined;
  templateId?: string | undefined;
  /** The text began as a model's draft. */
  fromModel?: boolean | undefined;
  /** null: as soon as it may go. */
  sendAt?: Date | null | undefined;
}

/** A case locked for a step, with everything that its replies depend on. */
export interface OpenCase {
  row: CaseRow;
  brand: BrandRow;
  places: readonly ReplyPlace[];
  replies: ReplyRow[];
}

const latestSendMs = 90 * 86_400_000;

/** The place that a wish is about; an InputError for a text that is none of the case's. */
export function placeOf({ row, places }: OpenCase, documentId: string | undefined): ReplyPlace {
  const place =
    documentId === undefined
      ? places.find(one => one.mention_id === row.mention_id)
      : places.find(one => one.document_id === documentId);
  if (!place || place.gone) {
    const left = places.filter(one => !one.gone).map(one => one.document_id);
    throw new InputError(
      `documentId is ${documentId ?? "absent"}; expected one of the texts of this case that still stand: ${left.join(", ") || "there are none"}`,
      "documentId",
    );
  }
  return place;
}

/** The reply that occupies a place, edits before what they are to replace; null: the place is free. */
export const replyAt = (replies: readonly ReplyRow[], place: ReplyPlace): ReplyRow | null =>
  replies
    .filter(reply => reply.document_id === place.document_id && !overStates.includes(reply.state))
    .toSorted((a, b) => Number(isPublished(a)) - Number(isPublished(b)) || (a.id < b.id ? 1 : -1))[0] ?? null;

const isPublished = ({ state }: ReplyRow) => state === "published";

/** Writes the wish into the draft of its place, or begins one. Every other state is a conflict that says what to do. */
export async function writeDraft(
  tx: Tx,
  scope: Scope,
  open: OpenCase,
  wish: ReplyWish,
  now: Date,
): Promise<ReplyRow> {
  const place = placeOf(open, wish.documentId);
  const before = replyAt(open.replies, place);
  if (before) assertOurs(before, open.row);
  const columns = await columnsOf(tx, scope, { open, place, before, wish, now });
  const isMine = before?.state === "draft";
  if (isMine) return updateReply(tx, before.id, columns);
  if (before === null && place.answer !== null && place.answer_state === "published")
    throw new CaseConflictError(
      "This text is answered in public already; resolve the case instead",
      open.row,
    );
  if (before) assertEditable(open, place, before, now);
  return insertOnce(tx, open, {
    id: newId(),
    case_id: open.row.id,
    document_id: place.document_id,
    account: before?.account ?? place.source_id,
    source_id: before?.source_id ?? place.source_id,
    assisted: isAssisted(place),
    state: "draft",
    edit_of: before?.edit_of ?? before?.id ?? null,
    created_at: now,
    ...columns,
  });
}

async function insertOnce(tx: Tx, open: OpenCase, row: Parameters<typeof insertReply>[1]): Promise<ReplyRow> {
  try {
    return await insertReply(tx, row);
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new CaseConflictError(
      "Somebody has just begun to answer this text in another brand's case; read the case again",
      open.row,
    );
  }
}

/** Two own brands share one answer, which is changed in the case where it began, and only while it is a draft. */
function assertOurs({ state, case_id }: ReplyRow, row: CaseRow): void {
  if (state === "published") return;
  if (case_id !== row.id)
    throw new CaseConflictError(
      `Case ${case_id} of another brand is answering this text (${state}), and one answer serves both; go on there`,
      row,
    );
  if (state !== "draft")
    throw new CaseConflictError(`The reply to this text is ${state}: ${whatNext[state]}`, row);
}

interface Writing {
  open: OpenCase;
  place: ReplyPlace;
  before: ReplyRow | null;
  wish: ReplyWish;
  now: Date;
}

async function columnsOf(tx: Tx, scope: Scope, { open, place, before, wish, now }: Writing) {
  const draft = before?.state === "draft" ? before : null;
  const { text, templateId, origin } = await textOf(tx, scope, { open, place, draft, wish });
  const changed = draft === null || text !== draft.text;
  return {
    text,
    template_id: templateId,
    origin,
    ...(changed ? { drafted_by: scope.actor.personId } : {}),
    ...(wish.sendAt === undefined ? {} : { send_at: sendTime(wish.sendAt, place, now) }),
    updated_at: now,
  };
}

/**
 * The text and where it comes from: a template counts as one only while its text stands unchanged, and what
 * began as a model's draft stays marked as such.
 */
async function textOf(
  tx: Tx,
  scope: Scope,
  {
    open,
    place,
    draft,
    wish,
  }: { open: OpenCase; place: ReplyPlace; draft: ReplyRow | null; wish: ReplyWish },
): Promise<Pick<ReplyRow, "text" | "origin"> & { templateId: string | null }> {
  const given = wish.text === undefined ? undefined : cleanText(wish.text).trim();
  const templateId = wish.templateId ?? draft?.template_id ?? null;
  const isUntouched = given === undefined && wish.templateId === undefined;
  if (isUntouched && draft) return { text: draft.text, origin: draft.origin, templateId };
  if (isUntouched) throw new InputError("There is no draft yet: send text or templateId", "text");
  const kept = await templateText(tx, scope, { open, place, wish, templateId });
  const text = given ?? (kept as string);
  if (kept !== null && text === kept) return { text, origin: "template", templateId };
  const fromModel =
    wish.fromModel || draft?.origin === "model" || (await isModelText(tx, open.row.id, contentHash(text)));
  return { text, origin: fromModel ? "model" : "person", templateId };
}

/** What the template says here; null without one, and where a text of one's own makes up for what it lacks. */
async function templateText(
  tx: Tx,
  scope: Scope,
  { open, place, wish, templateId }: Pick<Writing, "open" | "place" | "wish"> & { templateId: string | null },
): Promise<string | null> {
  if (templateId === null) return null;
  const isAsked = wish.templateId !== undefined;
  const template = await templateFor(tx, templateId, open.row.brand_id).catch(error => {
    if (isAsked || !(error instanceof InputError)) throw error;
    return null;
  });
  if (template === null) return null;
  const person = await nameOf(tx, scope.actor.personId);
  const values = valuesAt(place, open.brand, { language: template.language, person });
  return wish.text === undefined ? filled(template, values) : fillable(template, values);
}

/** When an answer goes out; an InputError for a time that has passed, is too far, or that nothing would keep. */
export function sendTime(sendAt: Date | null, place: ReplyPlace, now: Date): Date | null {
  if (sendAt === null) return null;
  const problem = whyNotThen(sendAt, place, now);
  if (problem === null) return sendAt;
  throw new InputError(`sendAt is ${sendAt.toISOString()}; ${problem}`, "sendAt");
}

function whyNotThen(sendAt: Date, place: ReplyPlace, now: Date): string | null {
  if (isAssisted(place)) return "an answer at this source is posted by a person, so there is no time to keep";
  if (sendAt <= now) return "expected a time to come; leave it out to send at once";
  if (sendAt.getTime() - now.getTime() > latestSendMs) return "expected a time within 90 days";
  return null;
}

/** An answer in public may be changed as often and as long as its source allows. */
function assertEditable({ replies, row }: OpenCase, place: ReplyPlace, before: ReplyRow, now: Date): void {
  if (isAssisted(place)) return;
  const edits = findSourceKind(place.source_kind).reply?.limits.edits ?? null;
  if (edits === null) throw new CaseConflictError("This source does not let an answer be changed", row);
  const own = replies.filter(one => one.document_id === place.document_id && one.account === before.account);
  const made = own.filter(one => one.edit_of !== null && isPublished(one)).length;
  const first = own.find(one => one.edit_of === null && isPublished(one)) ?? before;
  const since = (first.sent_at ?? first.published_at ?? first.created_at).getTime();
  if (made >= edits.count)
    throw new CaseConflictError(
      `This source lets an answer be changed ${edits.count} time(s), and that is used up`,
      row,
    );
  if (now.getTime() - since > edits.withinMs)
    throw new CaseConflictError(
      `This source lets an answer be changed within ${Math.floor(edits.withinMs / 86_400_000)} days; that time is over`,
      row,
    );
}
