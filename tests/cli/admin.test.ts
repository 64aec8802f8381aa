import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secretBox } from "#boot/secret-box.ts";
import { hashKey } from "#pipeline/keys.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { runCommand } from "./terminal.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const keys = () => world.db.selectFrom("api_key").selectAll().orderBy("name").execute();

describe("key create", () => {
  it("prints a key that is kept as a hash only, with an audit entry", async () => {
    const brandId = await world.makeBrand();
    const { out } = await runCommand(
      [
        "key",
        "create",
        "--name",
        "бот",
        "--role",
        "analyst",
        "--brand",
        brandId,
        "--expires",
        "90d",
        "--json",
      ],
      { world },
    );
    const made = JSON.parse(out);
    const [row] = await keys();
    expect(row).toMatchObject({
      id: made.id,
      name: "бот",
      role: "analyst",
      brand_ids: [brandId],
      person_id: null,
    });
    expect(row?.hash).toEqual(hashKey(made.key));
    expect(row?.expires_at).toEqual(new Date("2027-02-18T12:00:00Z"));
    const audit = await world.db
      .selectFrom("audit")
      .select(["action", "object", "object_id", "key_id"])
      .execute();
    expect(audit).toEqual([{ action: "create", object: "key", object_id: made.id, key_id: null }]);
  });

  it("gives a key to a person that it adds", async () => {
    const { out } = await runCommand(
      ["key", "create", "--name", "я", "--role", "manager", "--person", "Анна"],
      {
        world,
      },
    );
    expect(out).toMatch(/^molva_[A-Za-z0-9]{8}_[\w-]{43}\n$/);
    const [, row] = await keys();
    const person = await world.db
      .selectFrom("person")
      .select("name")
      .where("id", "=", row?.person_id as string)
      .execute();
    expect(person).toEqual([{ name: "Анна" }]);
  });

  it.each([
    ["an unknown role", ["--role", "boss"], /choices/],
    [
      "an unknown brand",
      ["--role", "analyst", "--brand", "019aa000-0000-7000-8000-000000000000"],
      /no brand/,
    ],
    ["a time gone by", ["--role", "analyst", "--expires", "2020-01-01"], /a time to come/],
    ["no time", ["--role", "analyst", "--expires", "soon"], /--expires is "soon"/],
  ])("refuses %s", async (_what, args, message) => {
    await expect(runCommand(["key", "create", "--name", "x", ...args], { world })).rejects.toThrow(message);
  });
});

describe("prune", () => {
  it("counts with --dry-run and deletes without", async () => {
    const at = new Date("2026-11-01T00:00:00Z");
    const row = { key_id: "k", body_hash: Buffer.from("x"), created_at: at };
    await world.db
      .insertInto("idempotency")
      .values([
        { ...row, key: "1" },
        { ...row, key: "2" },
      ])
      .execute();
    const dry = await runCommand(["prune", "--dry-run", "--json"], { world });
    expect(JSON.parse(dry.out)).toMatchObject({ dryRun: true, counts: { storedAnswers: 2 } });
    const left = () => world.db.selectFrom("idempotency").select("key").execute();
    expect(await left()).toHaveLength(2);
    await runCommand(["prune"], { world });
    expect(await left()).toEqual([]);
  });
});

describe("rotate", () => {
  const key = (letter: string) => Buffer.alloc(32, letter).toString("base64");

  it("seals anew what any known key opens, names the rest, and may be run again", async () => {
    const [old, current, lost] = [key("o"), key("c"), key("l")] as const;
    const brandId = await world.makeBrand();
    const make = async (sealedWith: string) => {
      const id = await world.makeSource([brandId]);
      const credentials = secretBox([sealedWith]).seal('{"token":"t"}');
      await world.db.updateTable("source").set({ credentials }).where("id", "=", id).execute();
      return id;
    };
    const [first, second] = [await make(old), await make(lost)];
    const rotated = { ...world, deps: { ...world.deps, secrets: secretBox([current, old]) } };
    for (let time = 0; time < 2; time++) {
      const { out, err, exitCode } = await runCommand(["rotate", "--json"], { world: rotated });
      expect(JSON.parse(out)).toEqual({ sealedCount: 1, unreadable: [{ object: "source", id: second }] });
      expect(err).toMatch(new RegExp(`source ${second}: no known key opens it`));
      expect(exitCode).toBe(1);
    }
    const row = await world.db
      .selectFrom("source")
      .selectAll()
      .where("id", "=", first)
      .executeTakeFirstOrThrow();
    expect(secretBox([current]).open(row.credentials as Buffer)).toBe('{"token":"t"}');
  });
});

describe("doctor", () => {
  const list = [
    { name: "fine", run: async () => "works" },
    {
      name: "broken",
      run: async () => {
        throw new Error("does not work: mend it\nstack");
      },
    },
    { name: "after", run: async () => "still looked at" },
  ];

  it("says one line each, looks at the rest after a fault, and ends with 1", async () => {
    let closed = 0;
    const checks = { list, close: async () => void closed++ };
    const { out, exitCode } = await runCommand(["doctor"], { checks });
    expect(out).toBe("✓ fine: works\n✗ broken: does not work: mend it\n✓ after: still looked at\n");
    expect({ exitCode, closed }).toEqual({ exitCode: 1, closed: 1 });
    const json = await runCommand(["doctor", "--json"], {
      checks: { list: list.slice(0, 1), close: async () => {} },
    });
    expect(JSON.parse(json.out)).toEqual({ ok: true, checks: [{ name: "fine", ok: true, said: "works" }] });
    expect(json.exitCode).toBe(0);
  });

  it("says one cause once, however many checks it stops", async () => {
    const run = async () => Promise.reject(new Error("PORT is wrong"));
    const checks = {
      list: [
        { name: "environment", run },
        { name: "database", run },
      ],
      close: async () => {},
    };
    const { out, exitCode } = await runCommand(["doctor"], { checks });
    expect(out).toBe(
      '✗ environment: PORT is wrong\n✗ database: cannot be checked before "environment" is right\n',
    );
    expect(exitCode).toBe(1);
  });
});
