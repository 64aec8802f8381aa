/** When a text appears: that many days before the epoch, or at its turn among the live texts of its place. */
export type When = number | { readonly turn: number };

/** The author rewrites the text (and the stars) `after` a duration such as "40s" or "6h". */
export interface Edit {
  after: string;
  text: string;
  stars?: number;
}

export interface ForumPost {
  when: When;
  author: string;
  text: string;
  /** Name of the author whose last post above is quoted. */
  quote?: string;
  edit?: Edit;
  /** The brand's representative quotes this post and answers it `after` a duration. */
  answer?: { after: string; text: string };
}

export type BoardId = "food" | "town" | "english";

export interface ForumThread {
  board: BoardId;
  title: string;
  posts: readonly ForumPost[];
}

export interface Review {
  when: When;
  stars: number;
  author: string;
  title: string;
  text: string;
  edit?: Edit;
}

export interface Article {
  when: When;
  title: string;
  text: string;
  author?: string;
}

export interface ChannelPost {
  when: When;
  text: string;
  edit?: Edit;
}

/** The given turn among the texts that appear while the demo runs. */
export const live = (turn: number): When => ({ turn });

export const thread = (board: BoardId, title: string, posts: readonly ForumPost[]): ForumThread => ({
  board,
  title,
  posts,
});

export const post = (
  when: When,
  author: string,
  text: string,
  more: Pick<ForumPost, "quote" | "edit" | "answer"> = {},
): ForumPost => ({ when, author, text, ...more });

export const review = (
  when: When,
  stars: number,
  author: string,
  title: string,
  text: string,
  edit?: Edit,
): Review => ({ when, stars, author, title, text, ...(edit && { edit }) });

export const article = (when: When, title: string, text: string, author?: string): Article => ({
  when,
  title,
  text,
  ...(author && { author }),
});

export const channelPost = (when: When, text: string, edit?: Edit): ChannelPost => ({
  when,
  text,
  ...(edit && { edit }),
});
