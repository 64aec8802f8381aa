import type { AlertNote, Message } from "#channels/define.ts";
import type { Db } from "#store/db.ts";
import { type AlertStory, type DeliveryRow, deliveryStories } from "#store/delivery.ts";
import type { ChannelNotice } from "#store/tables.ts";
import { reasonOf } from "./reason.ts";

/** Alerts that one message lists; the rest are counted in it. */
const listed = 20;

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
