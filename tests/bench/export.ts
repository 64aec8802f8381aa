import { readFileSync } from "node:fs";
import { request } from "node:http";
import { sql } from "kysely";
import pg from "pg";
import type { Db } from "#store/db.ts";
import { startProgram } from "./program.ts";
import { type Figure, load, makeBrand, makeSource, openStage } from "./stage.ts";

const words = "Волна кофе ужасно обслуживание отличный вкусный адрес доставка вежливый дорого".split(" ");

/** Finding words would take most of the time to make the texts, and an export of everything looks for none. */
async function withoutSearch(ownerUrl: string): Promise<void> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  await owner.query("drop index document_search, document_bands");
  await owner.end();
}

/** So many mentions with texts of about 300 characters, made by the database itself, over a year. */
async function fill(db: Db, count: number): Promise<void> {
  const brandId = await makeBrand(db, "Волна");
  const sourceId = await makeSource(db, brandId, "push", {});
  const step = 50_000;
  for (let from = 1; from <= count; from += step) {
    const to = Math.min(count, from + step - 1);
    await sql`
      with made as (
        select n, gen_random_uuid() as document_id, timestamptz '2026-01-01' + n * interval '31 seconds' as at,
          (select string_agg((${words}::text[])[1 + (n * 7 + w * w) % 10], ' ') from generate_series(1, 40) w) as text
        from generate_series(${from}::int, ${to}::int) n),
      stored as (
        insert into document (id, source_kind, site, external_id, source_id, kind, text, language, published_at,
          first_seen_at, last_seen_at, occurred_at, date_basis, content_hash, fact_hash)
        select document_id, 'push', 'bench', n::text, ${sourceId}, 'review', text, 'ru', at, at, at, at, 'published',
          n::text, n::text from made)
      insert into mention (id, document_id, brand_id, source_id, source_kind, kind, language, occurred_at, first_seen_at,
        scored_at, model_tone, score, confidence, uncertain, basis, conflict, model_version, model_spam, acts, seq)
      select gen_random_uuid(), document_id, ${brandId}, ${sourceId}, 'push', 'review', 'ru', at, at, at, 'neutral', 0, 0.9, false,
        'text', false, 'bench', false, false, n from made`.execute(db);
  }
  await sql`analyze document`.execute(db);
  await sql`analyze mention`.execute(db);
}

/** Bytes of memory that a process has in use. */
function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

interface Download {
  rows: number;
  bytes: number;
  seconds: number;
}

/** Reads a CSV to its end and counts its lines, of which no text has a break. */
function download(url: string, key: string): Promise<Download> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { headers: { authorization: `Bearer ${key}` } }, answer => {
      let [lines, bytes] = [0, 0];
      answer.on("data", (part: Buffer) => {
        bytes += part.length;
        for (const byte of part) if (byte === 10) lines++;
      });
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ rows: lines - 1, bytes, seconds: (performance.now() - started) / 1000 }),
      );
    })
      .on("error", reject)
      .end();
  });
}

/** Streams all mentions as a file out of the API in a process of its own, and watches that process's memory. */
export async function benchExport(count: number): Promise<Figure[]> {
  const stage = await openStage();
  try {
    await withoutSearch(stage.server.ownerUrl);
    await fill(stage.db, count);
    const program = await startProgram("api", { DATABASE_URL: stage.server.appUrl });
    try {
      const figures: Figure[] = [];
      for (const extension of ["csv", "xlsx"]) figures.push(...(await measure(program, extension, count)));
      return figures;
    } finally {
      await program.stop();
    }
  } finally {
    await stage.close();
  }
}

async function measure(
  { url, pid, key }: { url: string; pid: number; key: string },
  extension: string,
  count: number,
): Promise<Figure[]> {
  const before = residentBytes(pid);
  const samples: number[] = [];
  const watch = setInterval(() => samples.push(residentBytes(pid)), 200);
  const { rows, bytes, seconds } = await download(`${url}/v1/exports/mentions.${extension}`, key);
  clearInterval(watch);
  if (extension === "csv" && rows !== count) throw new Error(`${rows} rows came of ${count}`);
  const mib = (size: number) => size / 1024 ** 2;
  const half = Math.ceil(samples.length / 2);
  const peak = (some: readonly number[]) => mib(Math.max(...some, before));
  const what = `${count.toLocaleString("en")} mentions as ${extension.toUpperCase()}`;
  const [first, second] = [peak(samples.slice(0, half)), peak(samples.slice(half))];
  return [
    {
      name: `${what}: memory of the API, second half over first`,
      unit: "times",
      result: second / first,
      target: 1.1,
      more: false,
      note: `at most ${first.toFixed(0)}, then ${second.toFixed(0)} MiB; before ${mib(before).toFixed(0)}`,
    },
    {
      name: `${what}: speed`,
      unit: "rows/s",
      result: count / seconds,
      target: null,
      more: true,
      note: `${mib(bytes).toFixed(0)} MiB in ${seconds.toFixed(0)} s, ${load()}`,
    },
  ];
}
