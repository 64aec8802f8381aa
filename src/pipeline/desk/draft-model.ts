import { z } from "zod";
import { MolvaError } from "#domain/errors.ts";
import { contentHash } from "#domain/hash.ts";
import { createMask } from "#domain/reply/mask.ts";
import { draftPrompt, type Message, readDraft } from "#domain/reply/prompt.ts";
import { rankAnswers } from "#domain/reply/rank.ts";
import { ordinaryPromiseWords } from "#domain/reply/rules.ts";
import { cut } from "#domain/text.ts";
import type { Net } from "#net/client.ts";
import { eventOf } from "#pipeline/cases.ts";
import { findSourceKind } from "#sources/registry.ts";
import { writeAudit } from "#store/audit.ts";
import { insertCaseEvents } from "#store/case.ts";
import { type Db, inTransaction } from "#store/db.ts";
import { isAssisted } from "./reply-text.ts";
import type { Scope } from "./steps.ts";
import { type Proposing, questionAt, type Suggestion } from "./suggest.ts";

/** A model that writes; it is told nothing that its caller has not masked. */
export interface Drafter {
  model: string;
  write(messages: readonly Message[]): Promise<string>;
}

const timeoutMs = 45_000;
const maxTokens = 900;
const longestDraft = 5_000;
const ordinaryLength = 1_500;
const shownExamples = 3;

const completion = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string() }) })).min(1),
});

/** The model behind an OpenAI-compatible address, such as `https://host/v1`; every request passes the egress guard. */
export function createDrafter(
  post: Net["post"],
  { url, key, model }: { url: string; key: string | null; model: string },
): Drafter {
  return {
    model,
    write: async messages => {
      const reply = await post({
        url: `${url.replace(/\/+$/, "")}/chat/completions`,
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model, messages, temperature: 0.4, max_tokens: maxTokens }),
        timeoutMs,
      });
      if (reply.status !== 200) throw refused(reply.status, reply.retryAfterMs);
      return readCompletion(reply.body);
    },
  };
}

const advice: Record<number, string> = {
  401: "it does not accept MOLVA_DRAFT_KEY",
  403: "MOLVA_DRAFT_KEY may not use this model",
  404: "there is no such address or model: check MOLVA_DRAFT_URL and MOLVA_DRAFT_MODEL",
  429: "its quota is used up; try again later",
};

const refused = (status: number, afterMs: number | null) =>
  new MolvaError(
    "drafting-model",
    `The drafting model answered ${status}: ${advice[status] ?? "it cannot draft now; write the answer yourself"}`,
    { retry: afterMs === null ? "backoff" : { afterMs } },
  );

function readCompletion(body: string): string {
  try {
    return completion.parse(JSON.parse(body)).choices[0]?.message.content ?? "";
  } catch (cause) {
    throw new MolvaError(
      "drafting-model",
      "The drafting model answered something that is no chat completion; check MOLVA_DRAFT_URL",
      { cause },
    );
  }
}

/**
 * Asks a model for a draft of the answer to one text. Personal data is masked before anything leaves and put back
 * in what returns. The history keeps who asked and the draft's hash, so that the draft is known for a model's
 * when it is used; it is never sent by itself.
 */
export async function askModel(
  db: Db,
  drafter: Drafter,
  proposing: Proposing,
  { actor }: Scope,
  now: Date,
): Promise<Suggestion> {
  const { row, brand, place, check } = proposing;
  const names = [place.author_name, ...proposing.past.map(answer => answer.author_name)];
  const mask = createMask({
    names: names.filter(name => name !== null),
    keep: [brand.name, place.product ?? ""],
  });
  const said = await drafter.write(draftPrompt(factsOf(proposing), mask));
  const text = cut(mask.show(readDraft(said)).text, longestDraft).trim();
  if (text === "")
    throw new MolvaError("drafting-model", "The drafting model wrote nothing; write the answer yourself");
  await inTransaction(db, async tx => {
    const data = { documentId: place.document_id, model: drafter.model, textHash: contentHash(text) };
    await insertCaseEvents(tx, [eventOf(row, "suggested", actor, now, data)]);
    const entry = { ...actor, action: "suggest", object: "case", objectId: row.id };
    await writeAudit(tx, entry, now);
  });
  return {
    kind: "model",
    score: 0,
    why: [`drafted by ${drafter.model}; read it before you use it`],
    text,
    templateId: null,
    replyId: null,
    missing: [],
    problems: check(text, place),
  };
}

function factsOf({ brand, place, past }: Proposing) {
  const { forbiddenWords = [], promiseWords = ordinaryPromiseWords } = brand.desk.answers ?? {};
  const limits = isAssisted(place) ? undefined : findSourceKind(place.source_kind).reply?.limits;
  const question = questionAt(place);
  const candidates = past.map(answer => ({ ...answer, templateId: answer.template_id }));
  return {
    brand: brand.name,
    product: place.product,
    language: place.language,
    title: place.title,
    text: place.text,
    rating5: place.rating5,
    aspects: place.aspects,
    maxLength: limits?.maxLength ?? ordinaryLength,
    avoid: [...forbiddenWords, ...promiseWords],
    examples: rankAnswers(question, candidates)
      .slice(0, shownExamples)
      .map(({ candidate }) => ({ question: candidate.question, answer: candidate.text })),
  };
}
