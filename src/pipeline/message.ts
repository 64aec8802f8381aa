import type { AlertNote, Message } from "#channels/define.ts";
import type { Db } from "#store/db.ts";
import { type AlertStory, type DeliveryRow, deliveryStories } from "#store/delivery.ts";
import type { ChannelNotice } from "#store/tables.ts";

/** Alerts that one message lists; the rest are counted in it. */
const listed = 20;

const tones = { ru: { negative: "негатив" }, en: { negative: "negative" } } as const;

const intentWords: Record<string, { ru: string; en: string }> = {
  threat: { ru: "угроза пожаловаться", en: "threat to complain" },
  safety: { ru: "вред здоровью", en: "harm to health" },
  question: { ru: "вопрос", en: "question" },
};

const healthWords: Record<string, { ru: string; en: string }> = {
  blocked: { ru: "источник не пускает", en: "the source refuses us" },
  "layout-changed": { ru: "страница источника изменилась", en: "the source's page has changed" },
  failing: { ru: "источник не отвечает", en: "the source keeps failing" },
  stale: { ru: "от источника давно нет вестей", en: "nothing heard from the source for too long" },
};

/** Why an alert fired, in the brand's language and without personal data. */
function reasonOf({ kind, reason, language }: AlertStory): string {
  if (kind === "source-health") {
    const word = healthWords[String(reason["health"])]?.[language] ?? String(reason["health"]);
    return reason["problem"] ? `${word}: ${String(reason["problem"])}` : word;
  }
  const score = Number(reason["score"]).toFixed(2);
  const intents =
    (reason["intents"] as string[] | undefined)?.flatMap(name => intentWords[name]?.[language] ?? []) ?? [];
  return [`${tones[language].negative} ${score}`, ...intents].join(", ");
}

function noteOf(story: AlertStory, publicUrl: string, fullText: boolean): AlertNote {
  const { mentionId, caseId, sourceId } = story;
  return {
    id: story.id,
    kind: story.kind,
    ruleName: story.ruleName,
    brandName: story.brandName,
    firedAt: story.firedAt,
    reason: reasonOf(story),
    source: story.sourceTitle,
    tone: story.tone,
    rating:
      story.ratingValue === null || story.ratingScale === null
        ? null
        : { value: story.ratingValue, scale: story.ratingScale },
    link: caseId === null ? `${publicUrl}/alerts/${story.id}` : `${publicUrl}/cases/${caseId}`,
    mention:
      fullText && story.text !== null
        ? { title: story.title, text: story.text, authorName: story.authorName, url: story.url }
        : null,
    ids: Object.fromEntries(
      Object.entries({ mentionId, caseId, sourceId }).filter(
        (entry): entry is [string, string] => entry[1] !== null,
      ),
    ),
  };
}

/** What a delivery tells now, with everything gathered for it. */
export async function messageOf(
  db: Db,
  delivery: DeliveryRow,
  options: { publicUrl: string; fullText: boolean; now: Date },
): Promise<Message> {
  if (delivery.test) return testMessage(delivery.id, options);
  if (delivery.notice !== null) return noticeMessage(delivery, delivery.notice, options.publicUrl);
  const { stories, total, mixed } = await deliveryStories(db, delivery.id, listed);
  return {
    deliveryId: delivery.id,
    language: stories[0]?.language ?? "ru",
    notes: stories.map(story => noteOf(story, options.publicUrl, options.fullText)),
    total,
    test: false,
    mixed,
  };
}

/** That a channel sends no more, told through another one. */
function noticeMessage(
  { id: deliveryId, created_at }: DeliveryRow,
  { channelId, channelName, problem }: ChannelNotice,
  publicUrl: string,
): Message {
  const note: AlertNote = {
    id: deliveryId,
    kind: "channel-broken",
    ruleName: "",
    brandName: channelName,
    firedAt: created_at,
    reason: problem,
    source: null,
    tone: null,
    rating: null,
    link: publicUrl,
    mention: null,
    ids: { channelId },
  };
  return { deliveryId, language: "ru", notes: [note], total: 1, test: false };
}

/** The shape of a real alert with nothing of anybody in it. */
function testMessage(deliveryId: string, { publicUrl, now }: { publicUrl: string; now: Date }): Message {
  const note: AlertNote = {
    id: deliveryId,
    kind: "negative-mention",
    ruleName: "Test",
    brandName: "Molva",
    firedAt: now,
    reason: "test",
    source: null,
    tone: "negative",
    rating: null,
    link: publicUrl,
    mention: null,
    ids: {},
  };
  return { deliveryId, language: "ru", notes: [note], total: 1, test: true };
}
