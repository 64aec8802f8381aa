import { durationMs } from "#domain/duration.ts";
import { fractionOf } from "./seed.ts";
import type { BoardId, ForumPost, ForumThread } from "./texts/define.ts";
import { type Timeline, type Version, versionsOf } from "./timeline.ts";

/** The account that answers for the brand; the forum prints its rank beside the name. */
export const officialAccount = "Волна_Светлоречье";
/** Accounts that speak for a company, the competitor's one included. */
const companyAccounts: ReadonlySet<string> = new Set([officialAccount, "Чибис_кофе"]);
const companyRank = "Представитель компании";

export interface Board {
  id: number;
  name: string;
  about: string;
}

export const boards: Readonly<Record<BoardId, Board>> = {
  food: { id: 1, name: "Кафе и доставка", about: "Где вкусно, где дорого, кто опоздал" },
  town: { id: 2, name: "Городские разговоры", about: "Дворы, дороги, парки, пропажи и находки" },
  english: { id: 3, name: "English corner", about: "For newcomers and guests" },
};

export interface Member {
  id: number;
  name: string;
  rank: string | null;
}

export interface Post {
  id: number;
  author: Member;
  publishedAt: Date;
  versions: readonly Version[];
  quoted: Post | null;
}

export interface Topic {
  id: number;
  board: Board;
  title: string;
  posts: readonly Post[];
}

interface Draft {
  author: string;
  publishedAt: Date;
  versions: Version[];
  quoted: Draft | null;
}

/** All topics with dates, and ids that grow with time as a forum gives them. */
export function forumOf(threads: readonly ForumThread[], timeline: Timeline): Topic[] {
  const drafted = threads.map(thread => ({ thread, drafts: draftsOf(thread, timeline) })).toSorted(byFirst);
  const all = drafted.flatMap(({ drafts }) => drafts).toSorted(byTime);
  const members = membersOf(all);
  const posts = new Map<Draft, Post>();
  for (const [index, draft] of all.entries()) {
    posts.set(draft, {
      id: 1001 + index,
      author: members.get(draft.author) as Member,
      publishedAt: draft.publishedAt,
      versions: draft.versions,
      quoted: (draft.quoted && posts.get(draft.quoted)) ?? null,
    });
  }
  return drafted.map(({ thread, drafts }, index) => ({
    id: 101 + index,
    board: boards[thread.board],
    title: thread.title,
    posts: drafts.map(draft => posts.get(draft) as Post),
  }));
}

const byTime = (a: Draft, b: Draft): number => a.publishedAt.getTime() - b.publishedAt.getTime();

const byFirst = (a: { drafts: Draft[] }, b: { drafts: Draft[] }): number =>
  byTime(a.drafts[0] as Draft, b.drafts[0] as Draft);

/** Posts of a thread and the official answers to them, in the order in which they appear. */
function draftsOf(thread: ForumThread, timeline: Timeline): Draft[] {
  const drafts: Draft[] = [];
  const answers: Draft[] = [];
  for (const written of thread.posts) {
    const previous = drafts.at(-1)?.publishedAt ?? null;
    const publishedAt = afterPrevious(written, timeline.get(written) as Date, previous);
    const quoted = drafts.findLast(draft => draft.author === written.quote) ?? null;
    const draft = { author: written.author, publishedAt, versions: versionsOf(written, publishedAt), quoted };
    drafts.push(draft);
    if (written.answer) answers.push(answerTo(draft, written.answer));
  }
  return [...drafts, ...answers].toSorted(byTime);
}

/** A post of the past never comes before the one that it follows; a live one has its turn anyway. */
function afterPrevious(written: ForumPost, at: Date, previous: Date | null): Date {
  if (previous === null || at > previous) return at;
  const pauseSeconds = 60 + Math.floor(fractionOf(`pause ${written.text}`) * 2400);
  return new Date(previous.getTime() + pauseSeconds * 1000);
}

function answerTo(draft: Draft, answer: { after: string; text: string }): Draft {
  const publishedAt = new Date(draft.publishedAt.getTime() + durationMs(answer.after));
  return {
    author: officialAccount,
    publishedAt,
    versions: versionsOf(answer, publishedAt),
    quoted: draft,
  };
}

function membersOf(drafts: readonly Draft[]): Map<string, Member> {
  const names = [...new Set(drafts.map(draft => draft.author))];
  return new Map(
    names.map((name, index) => [
      name,
      { id: 2 + index, name, rank: companyAccounts.has(name) ? companyRank : null },
    ]),
  );
}
