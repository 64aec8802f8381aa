import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "#pipeline/apply/read.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { runCommand } from "./terminal.ts";

const dir = mkdtempSync(join(tmpdir(), "molva-apply-"));
let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await world.close();
});

const yaml = (query = "волна", every = "10m") => `
brands:
  - name: Чибис
    query: чибис
    competitorOf: Волна
  - name: Волна
    query: ${query}
    timezone: Europe/Moscow
sources:
  - title: Новости города
    kind: rss-feed
    brands: [Волна, Чибис]
    settings: { url: "https://news.example/rss.xml" }
    schedule: { every: ${every} }
  - title: Отзывы
    kind: wildberries-seller
    brands: [Волна]
    credentials: { token: "\${WB_TOKEN}" }
channels:
  - name: дежурный
    kind: webhook
    settings: { url: "https://hook.example/in" }
rules:
  - name: негатив
    brand: Волна
    kind: negative-mention
    channels: [дежурный]
    settings: { maxScore: -0.4 }
`;
const token = `eyJ${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;

const apply = async (text: string, ...args: string[]) => {
  const path = join(dir, "molva.yaml");
  writeFileSync(path, text);
  const { out } = await runCommand(["apply", path, "--json", ...args], {
    world,
    variables: { WB_TOKEN: token },
  });
  return JSON.parse(out) as {
    changes: { object: string; name: string; action: string; fields: { field: string }[]; issued?: object }[];
  };
};
const counted = ({ changes }: Awaited<ReturnType<typeof apply>>) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(changes, ({ action }) => action)).map(([action, list]) => [
      action,
      list?.length,
    ]),
  );
const rowCounts = async () => {
  const { db } = world;
  const tables = ["brand", "source", "alert_channel", "alert_rule", "audit"] as const;
  return Promise.all(tables.map(async table => (await db.selectFrom(table).select("id").execute()).length));
};

describe("apply", () => {
  it("shows what it would do and does nothing with --dry-run", async () => {
    const dry = await apply(yaml(), "--dry-run");
    expect(counted(dry)).toEqual({ create: 6 });
    expect(JSON.stringify(dry)).not.toMatch(/whsec_|eyJ/);
    expect(await rowCounts()).toEqual([0, 0, 0, 0, 0]);
  });

  it("makes everything, competitors after the brands they refer to, secrets shown once", async () => {
    const first = await apply(yaml());
    expect(counted(first)).toEqual({ create: 6 });
    expect(await rowCounts()).toEqual([2, 2, 1, 1, 6]);
    expect(first.changes.find(({ object }) => object === "alert-channel")?.issued).toEqual({
      secret: expect.stringMatching(/^whsec_/),
    });
    const [wb] = await world.db
      .selectFrom("source")
      .selectAll()
      .where("kind", "=", "wildberries-seller")
      .execute();
    expect(JSON.parse(world.deps.secrets.open(wb?.credentials as Buffer))).toEqual({ token });
  });

  it("changes nothing when it comes again", async () => {
    const before = await rowCounts();
    expect(counted(await apply(yaml()))).toEqual({ keep: 6 });
    expect(await rowCounts()).toEqual(before);
  });

  it("changes what differs and names the fields", async () => {
    const { changes } = await apply(yaml("волна OR volna", "5m"));
    expect(changes.filter(({ action }) => action === "update")).toEqual([
      {
        object: "brand",
        name: "Волна",
        action: "update",
        fields: [{ field: "query", before: "волна", after: "волна OR volna" }],
      },
      {
        object: "source",
        name: "Новости города",
        action: "update",
        fields: [{ field: "schedule", before: { every: "10m" }, after: { every: "5m" } }],
      },
    ]);
    expect(await world.db.selectFrom("task").select("kind").execute()).toMatchObject([{ kind: "rematch" }]);
  });

  it("brings secrets anew that cannot be read any more", async () => {
    const lost = Buffer.from("sealed with a key that is gone");
    await world.db
      .updateTable("source")
      .set({ credentials: lost })
      .where("credentials", "is not", null)
      .execute();
    await world.db.updateTable("alert_channel").set({ secrets: lost }).execute();
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const text = yaml("волна OR volna", "5m").replace(
      'hook.example/in"',
      `hook.example/in", secret: "${secret}"`,
    );
    const { changes } = await apply(text);
    expect(changes.flatMap(({ name, action }) => (action === "update" ? [name] : []))).toEqual([
      "дежурный",
      "Отзывы",
    ]);
    expect(counted(await apply(text))).toEqual({ keep: 6 });
  });

  it("leaves a lost secret out that the file does not name", async () => {
    const slack = (secret: string) =>
      `channels:\n  - { name: чат, kind: slack, settings: { botToken: ${secret}, channel: C01234567 } }\n`;
    await apply(slack("xoxb-1"));
    const lost = { secrets: Buffer.from("sealed with a key that is gone") };
    await world.db.updateTable("alert_channel").set(lost).where("kind", "=", "slack").execute();
    expect(counted(await apply(slack("xoxb-2")))).toEqual({ update: 1 });
    expect(counted(await apply(slack("xoxb-2")))).toEqual({ keep: 1 });
    await world.db.deleteFrom("alert_channel").where("kind", "=", "slack").execute();
  });

  it("is all or nothing, and says which thing an error is about", async () => {
    const before = await rowCounts();
    const broken = yaml().replace("query: чибис", "query: (чибис").replace("query: волна", "query: прибой");
    await expect(apply(broken)).rejects.toThrow(/^brand "Чибис": Column/);
    await expect(apply(yaml().replace("hook.example", "127.0.0.1"))).rejects.toThrow(
      /^channel "дежурный": .*MOLVA_EGRESS_ALLOW/,
    );
    await expect(apply(yaml().replace("channels: [дежурный]", "channels: [ночной]"))).rejects.toThrow(
      /rule "негатив": there is no channel "ночной"/,
    );
    expect(await rowCounts()).toEqual(before);
  });
});

describe("the file", () => {
  const none = () => undefined;
  const broken = (text: string): string => {
    try {
      readConfig(text, none);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  const aliases = [
    "a: &a [x,x,x,x,x,x,x,x,x]",
    "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]",
    "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]",
    "d: [*c,*c,*c,*c,*c,*c]",
  ];
  it.each([
    [
      "a list misspelt",
      ["brand:", "  - name: x"],
      /^line 1: There is no field "brand"; did you mean "brands"\?/,
    ],
    [
      "a field misspelt",
      ["brands:", "  - name: x", "    querry: x"],
      /line 3: There is no field "brands\.0\.querry"; did you mean "query"\?/,
    ],
    [
      "a setting misspelt",
      [
        "sources:",
        "  - title: a",
        "    kind: rss-feed",
        "    brands: [x]",
        "    settings:",
        "      ulr: https://a.test",
      ],
      /line 6: There is no field "sources\.0\.settings\.ulr"; did you mean "url"\?/,
    ],
    [
      "a kind misspelt",
      ["sources:", "  - title: a", "    kind: rss-fed"],
      /line 3: sources\.0\.kind is "rss-fed"; expected one of .*rss-feed.*; did you mean "rss-feed"\?/,
    ],
    [
      "a field left out, and another of a wrong kind",
      ["brands:", "  - name: x", "    query: [x]", "    timezone: Moscow", "  - query: y"],
      /^line 3: brands\.0\.query is \["x"\]; expected a text\nline 4: brands\.0\.timezone is "Moscow"; expected an IANA time zone.*\nline 5: brands\.1\.name is missing; expected a text$/,
    ],
    [
      "a setting of a channel, and one of a rule, that cannot be",
      [
        "channels:",
        "  - name: a",
        "    kind: telegram",
        "    settings: { botToken: top-secret, chatId: duty }",
        "rules:",
        "  - { name: a, brand: x, kind: spike, channels: [], settings: { windw: 5 } }",
      ],
      /^line 4: channels\.0\.settings\.botToken is a text; expected the token.*\nline 4: .*chatId is a text; expected the chat's number.*\nline 6: There is no field "rules\.0\.settings\.windw"; (?!.*there are none)/,
    ],
    [
      "secrets that are no text",
      [
        "channels:",
        "  - { name: a, kind: telegram, settings: { botToken: 7700123, chatId: -100 } }",
        "  - { name: b, kind: slack, settings: [top-secret, hidden] }",
        "sources:",
        "  - { title: a, kind: wildberries-seller, brands: [x], credentials: { token: [top-secret] } }",
      ],
      /^line 5: sources\.0\.credentials\.token is a list; [^[]*\nline 2: channels\.0\.settings\.botToken is a number; .*\nline 3: channels\.1\.settings is a list; expected an object$/,
    ],
    [
      "a schedule by cron with a field misspelt",
      ["sources:", "  - { title: a, kind: push, brands: [x], schedule: { cron: 0 1 * * *, tz: UTC } }"],
      /^line 2: sources\.0\.schedule\.timezone is missing; .*\nline 2: There is no field "sources\.0\.schedule\.tz"; expected cron, timezone$/,
    ],
    [
      "a schedule of another shape",
      ["sources:", "  - { title: a, kind: push, brands: [x], schedule: { evry: 5m } }"],
      /There is no field "sources\.0\.schedule\.evry"; did you mean "every"\?/,
    ],
    ["text in place of the file", ["nothing"], /^line 1: The file is "nothing"; expected an object$/],
    ["a key twice", ["brands:", "  - name: x", "    name: y"], /no YAML: Map keys must be unique at line 3/],
    ["no end of a list", ["brands: ["], /no YAML/],
    ["a number for a list", ["brands: 5"], /^line 1: brands is 5; expected a list$/],
    [
      "an absent variable",
      ["brands:", "  - name: $" + "{ABSENT}"],
      /brands\.0\.name: the variable ABSENT is not set/,
    ],
    ["too much", ["x".repeat(1024 * 1024 + 1)], /longer than/],
    ["aliases of aliases", aliases, /refused: Excessive alias count/],
  ])("with %s is refused with the place and what was meant", (_what, lines, message) => {
    expect(broken(lines.join("\n"))).toMatch(message);
  });

  it("may be empty", () => {
    expect(readConfig("# nothing yet\n", none)).toEqual({ brands: [], sources: [], channels: [], rules: [] });
  });
});
