import { expect, test } from "vitest";
import type { Item } from "#domain/item.ts";
import type { Ask, Page } from "#sources/define.ts";
import { loadHtml } from "#sources/html.ts";
import { ownWords } from "#sources/phpbb/posts.ts";
import { phpbbForum as kind } from "#sources/phpbb-forum.ts";
import { readPrintedDate } from "#sources/printed-dates.ts";
import { describeShared, readShared, readSharedJson } from "#tests/shared.ts";
import { itemsOf } from "./fixture.ts";

function readThread(
  file: string,
  address: string,
  baseUrl: string,
  timezone: string,
): { page: Page; items: Item[] } {
  const settings = kind.settings.parse({ baseUrl, timezone, via: "html" });
  const ask: Ask<typeof settings> = {
    settings,
    cursor: null,
    progress: null,
    now: new Date("2026-05-20T12:00:00Z"),
    since: null,
  };
  const request = { url: address, step: "thread", state: { after: null, page: 1 } };
  const body = readShared(file).toString("utf8");
  const page = kind.parse!({ request, url: address, status: 200, headers: {}, body }, ask);
  return { page, items: itemsOf(page) };
}

const german = "fixtures/phpbb3/foren.myoos.de.html";

describeShared("a German thread of phpBB 3.2", german, () => {
  const read = () =>
    readThread(
      german,
      "https://foren.myoos.de/viewtopic.php?t=167",
      "https://foren.myoos.de/",
      "Europe/Berlin",
    );

  test("has one post with its date in the board's zone, and no page before it", () => {
    const { page, items } = read();
    expect(items).toHaveLength(1);
    expect(page.next).toBeNull();
    expect(items[0]).toMatchObject({
      externalId: "453",
      kind: "post",
      url: "https://foren.myoos.de/viewtopic.php?p=453#p453",
      title: "Was ist Freie Software",
      threadId: "167",
      threadTitle: "Was ist Freie Software",
      publishedAt: new Date("2009-01-21T04:42:00Z"),
      editedAt: null,
      parentExternalId: null,
      author: {
        id: "5",
        name: "r23",
        url: "https://foren.myoos.de/memberlist.php?mode=viewprofile&u=5",
        badges: [],
      },
    });
  });

  test("keeps the author's lines and leaves out the quotation and the signature", () => {
    const text = read().items[0]?.text ?? "";
    expect(
      text.startsWith(
        "Was ist Freie Software und warum ist sie wichtig?\nvon Georg C. F. Greve\n\nFreie Software ist",
      ),
    ).toBe(true);
    expect(text).toContain("Richard Stallman");
    expect(text).not.toContain("Der fundamentale Akt von Freundschaft");
    expect(text).not.toContain("Digitalagentur");
    expect(text.endsWith("http://www.bitkom.org/de/publikationen/38336_39870.aspx")).toBe(true);
  });
});

const french = "fixtures/phpbb3/fr-zelda.html";

describeShared("a French thread of phpBB 3.0 with rewritten addresses", french, () => {
  const read = () =>
    readThread(
      french,
      "http://www.zone-concours.com/forum/jeux-zelda-pour-ds-dsi-et-3ds-gratuit-t190.html",
      "http://www.zone-concours.com/forum/",
      "UTC",
    );

  test("has five posts by two authors, their numbers, dates and ranks", () => {
    const { page, items } = read();
    expect(page.next).toBeNull();
    expect(
      items.map(({ externalId, kind: sort, author, publishedAt }) => [
        externalId,
        sort,
        author?.name,
        author?.id,
        author?.badges,
        publishedAt?.toISOString(),
      ]),
    ).toEqual([
      ["564", "post", "peanuts", "54", [], "2011-10-07T08:23:00.000Z"],
      ["565", "comment", "Gontran", "2", ["Administrateur du site"], "2011-10-09T14:02:00.000Z"],
      ["566", "comment", "peanuts", "54", [], "2011-10-09T15:19:00.000Z"],
      ["567", "comment", "Gontran", "2", ["Administrateur du site"], "2011-10-09T16:25:00.000Z"],
      ["568", "comment", "peanuts", "54", [], "2011-10-09T19:35:00.000Z"],
    ]);
  });

  test("has the thread's name and number, addresses and texts with smileys as their codes", () => {
    const { items } = read();
    for (const item of items)
      expect(item).toMatchObject({ threadId: "190", threadTitle: "Jeux Zelda pour DS, DSi et 3DS gratuit" });
    expect(items[0]?.author?.url).toBe("http://www.zone-concours.com/forum/membre54.html");
    expect(items[1]?.text).toBe("Salut,\n\nJusqu'au 20/02/2010 ? Ça serait pas 2012 ?");
    expect(items[3]?.text).toBe("Sur le site de Nintendo, il y a aussi l'erreur :roll:");
  });
});

interface Parsed {
  posts: { postid: number; date: string; content: string }[];
}
const parsed = "fixtures/forumscraper-parsed/phpbb-2654665.json";

describeShared("the posts of a thread of phpBB 3.3, as another program read them", parsed, () => {
  const { posts } = readSharedJson<Parsed>(parsed);

  test("lose their quotations and nothing else", () => {
    expect(posts).toHaveLength(30);
    const textOfPost = (id: number): string => {
      const post = posts.find(one => one.postid === id);
      return ownWords(loadHtml(post?.content ?? "").root());
    };
    expect(textOfPost(16019773)).toBe(
      "Normally sessions table is being cleaned in a timely manner by the cron job. So, if it's not happening, then the cron job is probably not running for some reason.",
    );
    expect(textOfPost(16019809)).toBe(
      "Ok that makes a lot of sense! Is there a name of the cron job or how to check for the process?\nThank you!",
    );
  });

  test("have dates that are read, in the zone of the board", () => {
    const reading = { now: new Date("2026-05-20T12:00:00Z"), timeZone: "UTC" };
    const read = posts.map(post => readPrintedDate(post.date, reading));
    expect(read[0]).toEqual(new Date("2024-07-02T03:19:00Z"));
    expect(read.filter(date => date === null)).toEqual([]);
  });
});
