import { describe, expect, test } from "vitest";
import { BlockedError, SourceChangedError, TooMuchError } from "#domain/errors.ts";
import type { Ask, Page, SourceReply, SourceRequest } from "#sources/define.ts";
import { phpbbForum as kind } from "#sources/phpbb-forum.ts";
import { fixtures, itemsOf, parseFixture } from "./fixture.ts";

type Question = Ask<ReturnType<typeof kind.settings.parse>>;

const baseUrl = "https://forum.example.org/";
const ask = (changes: Partial<Question> = {}, settings: object = {}): Question => ({
  settings: kind.settings.parse({ baseUrl, via: "html", ...settings }),
  cursor: null,
  progress: null,
  now: new Date("2026-05-20T12:00:00Z"),
  since: null,
  ...changes,
});
const fixture = (name: string, family = "ordinary") =>
  fixtures(kind.id, family).find(one => one.name === name)!;
const posts = (name: string) => itemsOf(parseFixture(kind, fixture(name)));
const addresses = (requests: readonly SourceRequest[] | undefined) =>
  (requests ?? []).map(request => request.url.replace(baseUrl, ""));
const first = (question: Question) => [kind.request!(question)].flat();

describe("a post", () => {
  test("is the author's own words with date, edit, thread and permalink", () => {
    expect(posts("ordinary-thread-start")).toEqual([
      {
        externalId: "116",
        kind: "post",
        url: "https://forum.example.org/viewtopic.php?p=116#p116",
        title: "Насос «Крачка» гудит",
        text: "Купили насос «Крачка», через день стал гудеть.\nЗвонили в поддержку — молчат :(",
        rating: null,
        author: {
          id: "7",
          name: "Вера",
          url: "https://forum.example.org/memberlist.php?mode=viewprofile&u=7",
          reach: null,
          badges: [],
        },
        publishedAt: new Date("2026-05-17T08:00:00Z"),
        editedAt: new Date("2026-05-17T08:20:00Z"),
        threadId: "11",
        threadTitle: "Насос «Крачка» гудит",
        parentExternalId: null,
        engagement: {},
        answer: null,
        owned: false,
        product: null,
        observation: null,
      },
    ]);
  });

  test("that quotes another names it and does not repeat it", () => {
    const [reply] = posts("ordinary-thread");
    expect(reply).toMatchObject({
      kind: "comment",
      title: null,
      text: "У меня такой же, работает тихо.",
      parentExternalId: "116",
      author: { badges: ["Знаток"] },
    });
  });

  test("of a company's representative carries the rank, in words and picture, and a subject of its own", () => {
    expect(posts("ordinary-thread")[1]).toMatchObject({
      title: "Заменим насос",
      author: { id: "21", name: "Крачка Сервис", badges: ["Представитель компании", "Официально"] },
    });
  });

  test("of phpBB 3.0 is read too: printed date in the board's zone, rank without a class, code and files left out", () => {
    expect(posts("ordinary-thread-of-3-0")).toMatchObject([
      {
        externalId: "119",
        kind: "post",
        text: "Кто ставил?",
        publishedAt: new Date("2026-05-18T17:00:00Z"),
        author: { id: "2", name: "Админ", badges: ["Администратор"] },
      },
      {
        externalId: "120",
        kind: "comment",
        text: "Я ставил :D",
        publishedAt: new Date("2026-05-18T19:05:00Z"),
        author: { id: null, name: "Прохожий", url: null, badges: [] },
      },
    ]);
  });

  test("in the feed has exact dates and the same words, without quotes and statistics", () => {
    expect(posts("ordinary-feed")).toMatchObject([
      {
        externalId: "131",
        kind: "comment",
        text: "Вера, напишите серийный номер, заменим насос.",
        threadId: "11",
        threadTitle: "Насос «Крачка» гудит",
        author: { id: "21", name: "Крачка Сервис" },
        publishedAt: new Date("2026-05-19T10:30:00Z"),
        editedAt: null,
      },
      {
        externalId: "130",
        text: "У меня такой же,\nработает тихо.",
        editedAt: new Date("2026-05-19T10:10:00Z"),
      },
      {
        externalId: "119",
        kind: "post",
        title: "Кто пробовал капельный полив?",
        text: "Кто ставил?",
        author: { id: null, name: "Прохожий" },
      },
    ]);
  });
});

describe("a run over the lists", () => {
  const list = (
    changes: Partial<Question> = {},
    state: { mark: number | null; page?: number; top?: number } = { mark: null },
  ): Page => {
    const { body, meta } = fixture("ordinary");
    const request: SourceRequest = {
      url: `${baseUrl}viewforum.php?f=4`,
      step: "forum",
      state: { forum: 4, page: 1, floor: state.mark, top: null, ...state },
    };
    return kind.parse!(
      { request, url: request.url, status: 200, headers: {}, body, ...meta },
      ask(changes, { forums: [4] }),
    );
  };

  test("begins at the forums asked for, else at the front page", () => {
    expect(addresses(first(ask({}, { forums: [4, 7] })))).toEqual(["viewforum.php?f=4", "viewforum.php?f=7"]);
    expect(addresses(first(ask()))).toEqual(["index.php"]);
  });

  test("finds forums and subforums on the front page, but not links to elsewhere", () => {
    const page = parseFixture(kind, fixture("ordinary-index"));
    expect(addresses(page.details)).toEqual(["viewforum.php?f=4", "viewforum.php?f=5", "viewforum.php?f=7"]);
    expect(page.cursor).toEqual({ forums: {}, feeds: {}, known: [4, 5, 7] });
  });

  test("reads each thread from its last page at first, but not the shadow of a moved one", () => {
    const page = list();
    expect(addresses(page.details)).toEqual([
      "viewtopic.php?t=10",
      "viewtopic.php?t=11&start=15",
      "viewtopic.php?t=12",
    ]);
    expect(page.next?.url).toBe(`${baseUrl}viewforum.php?f=4&start=25`);
    expect(page.cursor).toEqual({ forums: { 4: 131 }, feeds: {}, known: [] });
  });

  test("then only what moved since, pinned threads or not", () => {
    const page = list({}, { mark: 120 });
    expect(addresses(page.details)).toEqual(["viewtopic.php?t=11&start=15"]);
    expect(page.next).toBeNull();
    expect(list({}, { mark: 131 }).details).toEqual([]);
  });

  test("leaves out what last moved before the first run's horizon", () => {
    const page = list({ since: new Date("2026-05-19T00:00:00Z") });
    expect(addresses(page.details)).toEqual(["viewtopic.php?t=11&start=15"]);
  });

  test("goes on to the next page while all is new, at first no further than maxPages", () => {
    expect(list({}, { mark: 30 }).next?.state).toEqual({ forum: 4, mark: 30, floor: 30, top: 131, page: 2 });
    expect(list({}, { mark: null, page: 3 }).next).toBeNull();
    expect(list({}, { mark: 30, page: 99 }).next).not.toBeNull();
  });

  test("moves the mark by the first page of a list only", () => {
    expect(list({}, { mark: 30, page: 2, top: 130 }).cursor).toEqual({
      forums: { 4: 130 },
      feeds: {},
      known: [],
    });
  });

  test("after several pages looks once more at what moved meanwhile", () => {
    const { next } = list({}, { mark: 120, page: 2, top: 130 });
    expect(next).toMatchObject({
      url: `${baseUrl}viewforum.php?f=4`,
      state: { forum: 4, mark: 120, floor: 130, top: null, page: 1 },
    });
  });

  test("gives up a list that never ends", () => {
    expect(() => list({}, { mark: 30, page: 1000, top: 131 })).toThrow(TooMuchError);
  });

  test("keeps what other forums had reached", () => {
    const cursor = { forums: { 7: 500, 4: 100 }, feeds: {}, known: [] };
    expect(list({ cursor }, { mark: 100 }).cursor).toEqual({
      forums: { 7: 500, 4: 131 },
      feeds: {},
      known: [],
    });
  });
});

describe("a thread", () => {
  const thread = (state: { after: number | null; page: number }, changes: Partial<Question> = {}): Page => {
    const { body } = fixture("ordinary-thread");
    const request: SourceRequest = { url: `${baseUrl}viewtopic.php?t=11&start=15`, step: "thread", state };
    return kind.parse!({ request, url: request.url, status: 200, headers: {}, body }, ask(changes));
  };

  test("is read backwards until a known post", () => {
    expect(addresses([thread({ after: 129, page: 1 }).next!])).toEqual(["viewtopic.php?t=11"]);
    expect(thread({ after: 130, page: 1 }).next).toBeNull();
  });

  test("at first until the horizon or maxPages", () => {
    expect(thread({ after: null, page: 1 }).next).not.toBeNull();
    expect(thread({ after: null, page: 3 }).next).toBeNull();
    expect(thread({ after: null, page: 1 }, { since: new Date("2026-05-19T10:15:00Z") }).next).toBeNull();
  });

  test("ends at its first page", () => {
    expect(parseFixture(kind, fixture("ordinary-thread-start")).next).toBeNull();
  });
});

describe("a feed that only tells what to read", () => {
  const settings = { via: "both" };
  const feed = (changes: Partial<Question> = {}, reply: Partial<SourceReply> = {}): Page => {
    const request = first(ask({}, settings))[0]!;
    const { body } = fixture("ordinary-feed");
    return kind.parse!(
      { request, url: request.url, status: 200, headers: {}, body, ...reply },
      ask(changes, settings),
    );
  };
  const seen = (postId: number, changedAt: string) => ({
    cursor: { forums: {}, feeds: { all: { postId, changedAt } }, known: [] },
  });

  test("leads to the lists at first and when it shows new posts only", () => {
    expect(addresses(feed().details)).toEqual(["index.php"]);
    expect(addresses(feed(seen(100, "2026-05-01T00:00:00.000Z")).details)).toEqual(["index.php"]);
    expect(feed().items).toEqual([]);
  });

  test("leads to the threads of new and of edited posts otherwise", () => {
    const page = feed(seen(130, "2026-05-19T10:05:00.000Z"));
    expect(addresses(page.details)).toEqual(["viewtopic.php?p=131", "viewtopic.php?p=130"]);
    expect(page.details?.[0]?.state).toEqual({ after: 130, page: 1 });
    expect(page.cursor).toEqual({
      forums: {},
      feeds: { all: { postId: 131, changedAt: "2026-05-19T10:30:00.000Z" } },
      known: [],
    });
    expect(feed(seen(131, "2026-05-19T10:30:00.000Z")).details).toEqual([]);
  });

  test("gives way to the lists when the board has none", () => {
    const off = fixture("blocked-board-off", "blocked").body;
    expect(addresses(feed({}, { body: off }).details)).toEqual(["index.php"]);
    expect(addresses(feed({}, { status: 404, body: "Not found" }).details)).toEqual(["index.php"]);
    expect(() => feed({}, { body: "<html><title>Welcome</title></html>" })).toThrow(SourceChangedError);
  });

  test("gives the lists its own mark to stop at", () => {
    const question = ask(seen(130, "2026-05-19T10:05:00.000Z"), { ...settings, via: "html", forums: [4] });
    expect(first(question)[0]?.state).toEqual({ forum: 4, mark: 130, floor: 130, top: null, page: 1 });
  });
});

describe("a board that says no", () => {
  const refused = (name: string, family: string): Error => {
    try {
      parseFixture(kind, fixture(name, family));
    } catch (error) {
      return error as Error;
    }
    throw new Error("was not refused");
  };

  test("is quoted", () => {
    expect(refused("blocked-forum", "blocked").message).toContain(
      "Вы не авторизованы для чтения этого форума.",
    );
    expect(refused("changed-topic-gone", "changed").message).toContain("Запрошенной темы не существует.");
  });

  test.each([
    ["The requested topic does not exist.", SourceChangedError],
    ["Das gewünschte Thema existiert nicht.", SourceChangedError],
    ["You are not authorised to read this forum.", BlockedError],
    ["Sorry but this board is currently unavailable.", BlockedError],
  ])("in other languages: %s", (text, expected) => {
    const body = fixture("blocked-board-off", "blocked").body.replace(/<p>Извините[^<]*/, `<p>${text}`);
    const request: SourceRequest = { url: `${baseUrl}viewtopic.php?t=1`, step: "thread" };
    expect(() => kind.parse!({ request, url: request.url, status: 200, headers: {}, body }, ask())).toThrow(
      expected,
    );
  });
});

describe("settings", () => {
  test("take any address that people copy, and tell boards in folders apart", () => {
    const facts = (url: string) => {
      const settings = kind.settings.parse({ baseUrl: url });
      return [
        addresses(first(ask({}, { baseUrl: url, forums: [4] })))[0],
        kind.hosts(settings),
        kind.site(settings),
      ];
    };
    expect(facts("https://forum.example.org/index.php?sid=1")).toEqual([
      "viewforum.php?f=4",
      ["forum.example.org"],
      "forum.example.org",
    ]);
    expect(facts("http://example.org:8080/board")).toEqual([
      "http://example.org:8080/board/viewforum.php?f=4",
      ["example.org"],
      "example.org:8080/board",
    ]);
  });

  test("refuse a zone that does not exist and an address that is none", () => {
    expect(kind.settings.safeParse({ baseUrl, timezone: "Moscow" }).success).toBe(false);
    expect(kind.settings.safeParse({ baseUrl: "ftp://forum.example.org" }).success).toBe(false);
  });
});
