import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openChecks } from "#boot/doctor.ts";
import { type FreshDatabase, freshDatabase } from "#tests/database.ts";

let database: FreshDatabase;
const dir = mkdtempSync(join(tmpdir(), "molva-doctor-"));
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await database.drop();
});

async function look(variables: Record<string, string>): Promise<Record<string, string>> {
  const checks = openChecks({
    DATABASE_URL: database.appUrl,
    MOLVA_SECRET_KEY: Buffer.alloc(32).toString("base64"),
    MOLVA_DATA_DIR: dir,
    ...variables,
  });
  const found: Record<string, string> = {};
  for (const { name, run } of checks.list)
    found[name] = await run().then(
      said => `✓ ${said}`,
      error => `✗ ${error.message}`,
    );
  await checks.close();
  return found;
}

describe("doctor looks at this machine", () => {
  it("and finds a sound one sound", async () => {
    const found = await look({ MOLVA_CONTACT: "mail@molva.example" });
    expect(Object.values(found).filter(said => !said.startsWith("✓"))).toEqual([]);
    expect(found["database"]).toMatch(/PostgreSQL \d+/);
    expect(found["egress guard"]).toBe("✓ private addresses are refused");
  });

  it("and tells each fault with what to do, without a password", async () => {
    writeFileSync(join(dir, "file"), "");
    const found = await look({
      DATABASE_URL: "postgres://molva:very-secret@127.0.0.1:1/none",
      MOLVA_DATA_DIR: join(dir, "file", "inside"),
    });
    expect(found["data folder"]).toMatch(/^✗ .*MOLVA_DATA_DIR/);
    for (const name of ["database", "migrations", "clock", "secret key"])
      expect(found[name], name).toMatch(/^✗ /);
    expect(JSON.stringify(found)).not.toContain("very-secret");
    expect(found["time zones"]).toMatch(/^✓/);
  });

  it("and names a wrong variable", async () => {
    expect((await look({ PORT: "many" }))["environment"]).toMatch(/^✗ PORT: given "many"/);
  });
});
