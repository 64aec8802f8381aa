import type { Board, Member, Post, Topic } from "./forum.ts";
import { versionAt } from "./timeline.ts";

/** A post as a reader sees it at one instant. */
export interface SeenPost {
  id: number;
  author: Member;
  publishedAt: Date;
  editedAt: Date | null;
  text: string;
  quoted: { id: number; author: Member; text: string } | null;
}

/** A topic that has at least one post already. */
export interface SeenTopic {
  id: number;
  board: Board;
  title: string;
  posts: readonly SeenPost[];
  first: SeenPost;
  last: SeenPost;
}

/** The topics that exist at `now`, the one with the newest post first, as a forum lists them. */
export function topicsAt(topics: readonly Topic[], now: Date): SeenTopic[] {
  return topics
    .flatMap(({ id, board, title, posts: all }) => {
      const posts = all.flatMap(post => seenPost(post, now) ?? []);
      const [first, last] = [posts[0], posts.at(-1)];
      return first && last ? [{ id, board, title, posts, first, last }] : [];
    })
    .toSorted((a, b) => b.last.publishedAt.getTime() - a.last.publishedAt.getTime() || b.id - a.id);
}

function seenPost(post: Post, now: Date): SeenPost | null {
  const version = versionAt(post.versions, now);
  if (version === undefined) return null;
  const { id, author, publishedAt, quoted } = post;
  return {
    id,
    author,
    publishedAt,
    editedAt: version.at > publishedAt ? version.at : null,
    text: version.text,
    quoted: quoted && { id: quoted.id, author: quoted.author, text: quoted.versions[0]?.text ?? "" },
  };
}

/** The instant of a post's last change. */
export const changedAt = (post: SeenPost): Date => post.editedAt ?? post.publishedAt;

/** The title of a post: the topic's for the first one, "Re: …" for the others. */
export const titleOf = (topic: SeenTopic, post: SeenPost): string =>
  post === topic.first ? topic.title : `Re: ${topic.title}`;
