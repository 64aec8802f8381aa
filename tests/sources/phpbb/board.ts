import type { SourceReply, SourceRequest } from "#sources/define.ts";

const perList = 3;
const perThread = 2;

interface Post {
  id: number;
  topic: number;
  forum: number;
}

/** A small phpBB 3.3 board in memory, served page by page as guests see it. */
export class Board {
  readonly posts: Post[] = [];
  readonly #hasFeed: boolean;

  constructor(hasFeed: boolean) {
    this.#hasFeed = hasFeed;
  }

  /** Topics belong to a forum by their number: topic 12 stands in forum 1 or 2. */
  write(topic: number): void {
    this.posts.push({ id: this.posts.length + 1, topic, forum: (topic % 2) + 1 });
  }

  serve(request: SourceRequest): SourceReply {
    const url = new URL(request.url);
    const number = (name: string): number => Number(url.searchParams.get(name) ?? 0);
    const pages: { readonly [path: string]: () => string } = {
      "/index.php": () => this.#index(),
      "/viewforum.php": () => this.#forum(number("f"), number("start")),
      "/viewtopic.php": () => this.#thread(number("t"), number("start"), number("p")),
      "/feed.php": () => this.#feed(),
    };
    const body = this.#hasFeed || url.pathname !== "/feed.php" ? (pages[url.pathname]?.() ?? "") : "";
    return { request, url: request.url, status: body === "" ? 404 : 200, headers: {}, body };
  }

  #index(): string {
    return page(
      "index",
      `<a class="forumtitle" href="./viewforum.php?f=1">A</a><a class="subforum" href="./viewforum.php?f=2">B</a>`,
    );
  }

  #forum(forum: number, start: number): string {
    const last = new Map<number, number>();
    for (const post of this.posts.filter(one => one.forum === forum)) last.set(post.topic, post.id);
    const topics = [...last].toSorted((a, b) => b[1] - a[1]);
    const rows = topics.slice(start, start + perList).map(([topic, post]) => {
      const count = this.posts.filter(one => one.topic === topic).length;
      return `<li class="row"><dl class="row-item"><dt><a class="topictitle" href="./viewtopic.php?t=${topic}">T</a>${bar(0, count, perThread, `./viewtopic.php?t=${topic}`)}</dt><dd class="lastpost"><a href="./viewtopic.php?p=${post}#p${post}">x</a></dd></dl></li>`;
    });
    const empty = '<div class="panel"><strong>No topics</strong></div>';
    return page(
      "viewforum",
      bar(start, topics.length, perList, `./viewforum.php?f=${forum}`) + (rows.join("") || empty),
    );
  }

  #thread(topic: number, start: number, postId: number): string {
    const wanted = topic || (this.posts.find(one => one.id === postId)?.topic ?? 0);
    const posts = this.posts.filter(one => one.topic === wanted);
    const index = posts.findIndex(one => one.id === postId);
    const from = postId > 0 ? index - (index % perThread) : start;
    const shown = posts.slice(from, from + perThread);
    const rows = shown.map(
      ({ id }) =>
        `<div id="p${id}" class="post"><div class="postbody"><p class="author"><strong>N</strong></p><div class="content">Post ${id}</div></div></div>`,
    );
    const title = `<h2 class="topic-title"><a href="./viewtopic.php?t=${wanted}">T</a></h2>`;
    return page(
      "viewtopic",
      title + bar(from, posts.length, perThread, `./viewtopic.php?t=${wanted}`) + rows.join(""),
    );
  }

  #feed(): string {
    const entries = this.posts
      .slice(-4)
      .toReversed()
      .map(
        ({ id, topic }) =>
          `<entry><link href="https://forum.example.org/viewtopic.php?t=${topic}&amp;p=${id}#p${id}"/><updated>2026-05-01T00:00:${String(id % 60).padStart(2, "0")}Z</updated><content type="html">x</content></entry>`,
      );
    return `<feed xmlns="http://www.w3.org/2005/Atom">${entries.join("")}</feed>`;
  }
}

const page = (section: string, body: string): string =>
  `<!DOCTYPE html><html><body id="phpbb" class="section-${section}">${body}</body></html>`;

/** The bar of pages as phpBB 3.3 prints it: all of them here, the current one without a link. */
function bar(start: number, count: number, size: number, address: string): string {
  const numbers = Array.from({ length: Math.max(1, Math.ceil(count / size)) }, (_, index) => index);
  const items = numbers.map(index =>
    index * size === start
      ? `<li class="active"><span>${index + 1}</span></li>`
      : `<li><a href="${address}${index === 0 ? "" : `&amp;start=${index * size}`}">${index + 1}</a></li>`,
  );
  return `<div class="pagination"><ul>${items.join("")}</ul></div>`;
}
