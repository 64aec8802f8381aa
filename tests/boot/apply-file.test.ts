import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyFile } from "#boot/apply-file.ts";
import { createNet } from "#net/client.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";

let world: World;
const dir = mkdtempSync(join(tmpdir(), "molva-apply-file-"));
const net = createNet({ allow: [], userAgent: "Molva/0.1", contact: "https://molva.example" });
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await net.close();
  await world.close();
});

describe("the configuration that start applies", () => {
  const path = join(dir, "molva.yaml");
  const apply = () => applyFile(path, { deps: world.deps, net }, () => undefined);

  it("may be absent", async () => {
    expect(await apply()).toBe(0);
  });

  it("is applied, and changes nothing at the next start", async () => {
    writeFileSync(path, "brands:\n  - name: Волна\n    query: волна\n");
    expect(await apply()).toBe(1);
    expect(await apply()).toBe(0);
    expect(await world.db.selectFrom("brand").select("name").execute()).toEqual([{ name: "Волна" }]);
  });

  it("stops the start when it names an address that may not be reached", async () => {
    const source =
      "  - title: a\n    kind: rss-feed\n    brands: [Волна]\n    settings: { url: http://10.0.0.1/ }\n";
    writeFileSync(path, `sources:\n${source}`);
    await expect(apply()).rejects.toThrow(/source "a": .*MOLVA_EGRESS_ALLOW/);
  });
});
