import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { openLocalTime } from "#domain/export/local-time.ts";
import type { Cell, Table } from "#domain/export/table.ts";
import { csvOf } from "#pipeline/export/csv.ts";
import { xlsxOf } from "#pipeline/export/xlsx.ts";
import { readSharedJson, sharedExists } from "#tests/shared.ts";

/* Opens exports in LibreOffice, as a person would, and looks whether any text became a formula: npm run office */

const office = "soffice";
const suite = "suites/csv/formula-injection.json";
const own = [
  "=1+1",
  "+1+1",
  "@SUM(1)",
  "-2+3+cmd|' /C calc'!A0",
  "\t=1+1",
  "＝1+1",
  "a;=1+1",
  "a\n=1+1",
  "-5",
  "2=2",
];

function texts(): string[] {
  if (!sharedExists(suite)) return own;
  const { dangerous, mustStayReadable } = readSharedJson<Record<string, string[]>>(suite);
  return [...own, ...(dangerous ?? []), ...(mustStayReadable ?? [])];
}

const table = (rows: Cell[][]): Table => ({
  name: "Mentions",
  columns: ["text", "score", "at"],
  rows: Readable.from([rows]) as AsyncIterable<Cell[][]>,
});

/** The document as LibreOffice understands it. */
function opened(dir: string, file: string): string {
  const profile = `-env:UserInstallation=file://${join(dir, "profile")}`;
  const args = [profile, "--headless", "--convert-to", "fods", "--outdir", dir, join(dir, file)];
  execFileSync(office, args, { stdio: "pipe", timeout: 180_000 });
  return readFileSync(join(dir, file.replace(/\.\w+$/, ".fods")), "utf8");
}

function hasOffice(): boolean {
  try {
    execFileSync(office, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function check(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), "molva-office-"));
  try {
    const time = openLocalTime("Europe/Moscow");
    const rows = texts().map((given): Cell[] => [given, -0.5, new Date("2026-11-20T09:14:03Z")]);
    writeFileSync(join(dir, "export.xlsx"), await buffer(Readable.from(xlsxOf(table(rows), time))));
    const dialect = { delimiter: ",", bom: true } as const;
    writeFileSync(join(dir, "export.csv"), await text(Readable.from(csvOf(table(rows), dialect, time))));
    return ["export.xlsx", "export.csv"].flatMap(file => problems(file, opened(dir, file), rows.length));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function problems(file: string, fods: string, count: number): string[] {
  const formulas = [...fods.matchAll(/table:formula="([^"]*)"/g)].map(([, formula]) => `${file}: ${formula}`);
  const scores = fods.match(/office:value="-0\.5"/g)?.length ?? 0;
  const times = fods.match(/2026-11-20[ T]12:14:03/g)?.length ?? 0;
  return [
    ...formulas,
    ...(scores === count ? [] : [`${file}: ${scores} of ${count} scores are numbers`]),
    ...(times >= count ? [] : [`${file}: ${times} of ${count} times are shown`]),
  ];
}

if (hasOffice()) {
  const found = await check();
  console.log(
    found.length === 0 ? `LibreOffice opens ${texts().length} texts: no formula` : found.join("\n"),
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} else {
  console.error("LibreOffice is absent: install it first (Debian: apt-get install libreoffice-calc-nogui)");
  process.exitCode = 1;
}
