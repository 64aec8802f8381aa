import { basename } from "node:path";
import { Option } from "commander";
import { InputError } from "#domain/errors.ts";
import type { TextKind } from "#domain/item.ts";
import { importFields, mapColumns } from "#pipeline/import/columns.ts";
import { type FileFormat, fileFormats } from "#pipeline/import/define.ts";
import { openRows } from "#pipeline/import/open.ts";
import { findBrandByWord, type ImportCounts, importRows, importSource } from "#pipeline/import/run.ts";
import type { AddCommand, CliContext } from "./define.ts";
import { createProgress } from "./progress.ts";
import { openRejected } from "./rejected-file.ts";

const kinds = ["review", "question", "post", "comment", "news"] as const satisfies readonly TextKind[];

interface Options {
  brand: string;
  source?: string;
  map: string[];
  match: "all" | "query";
  kind: TextKind;
  format?: FileFormat;
  timezone?: string;
  rejected?: string;
  json?: boolean;
}

const help = `
Columns are found by their names (text, id, date, author, rating, url, …; Отзыв, Дата, Автор, Оценка …).
Fields: ${Object.keys(importFields).join(", ")}

A row needs a text or a rating. Rows are known by their id, else by all they say: the same file again, or
the rest of one that was cut off, makes nothing twice.

  molva import reviews.xlsx --brand Волна --map "text=Что понравилось" --rejected rejected.csv`;

/** `import FILE`: mentions from a table. */
export const addImport: AddCommand = (program, context) => {
  program
    .command("import")
    .description("bring mentions from a CSV, JSONL or XLSX file")
    .argument("<file>", "the file")
    .requiredOption("--brand <id or name>", "the brand that the file is about")
    .option("--source <id>", "an existing push source; one named after the file is made otherwise")
    .option("--map <field=column...>", "which column is which field, where names do not tell", [])
    .addOption(
      new Option("--match <what>", "which rows become mentions: all, or those that the brand's query matches")
        .choices(["all", "query"])
        .default("all"),
    )
    .addOption(
      new Option("--kind <kind>", "what the texts are, where no column says")
        .choices(kinds)
        .default("review"),
    )
    .addOption(
      new Option("--format <format>", "the format, where the name does not tell").choices(fileFormats),
    )
    .option("--timezone <zone>", "of dates without a zone; the brand's zone without this")
    .option(
      "--rejected <file>",
      "where rows that do not fit are written with the reason, to be mended and imported",
    )
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((path: string, options: Options) => run(context, path, options));
};

async function run(context: CliContext, path: string, options: Options): Promise<void> {
  const rows = await openRows(path, options.format);
  const columnOf = mapColumns(options.map, rows.columns);
  if (rows.columns?.every(column => !["text", "rating"].includes(columnOf(column) ?? "")))
    throw new InputError(
      `No column is the text (${rows.columns.join(", ")}); say which with --map text=<column>`,
    );
  const { deps, close } = await context.connect();
  const progress = createProgress(context);
  const rejected = openRejected(options.rejected ?? null, rows.columns);
  let firstReason: string | null = null;
  try {
    const brand = await findBrandByWord(deps, options.brand);
    const title = `import: ${basename(path)}`;
    const target = { brandId: brand.id, sourceId: options.source ?? null, title, match: options.match };
    const sourceId = await importSource(deps, target);
    const reading = {
      columnOf,
      kind: options.kind,
      timeZone: zoneOf(options.timezone ?? brand.timezone),
      now: context.clock(),
    };
    const counts = await importRows(deps, {
      rows,
      sourceId,
      reading,
      onRejected: async one => {
        firstReason ??= `row ${one.row.row}: ${one.reason}`;
        await rejected.write(one);
      },
      onProgress: ({ read }) => progress.show(rows.share(), `${read} rows`),
    });
    progress.end();
    context.out(options.json ? `${JSON.stringify({ sourceId, ...counts })}\n` : said(counts));
    if (firstReason !== null && !options.json)
      context.err(
        `The first that was rejected: ${firstReason}${options.rejected ? `; all: ${options.rejected}` : ""}\n`,
      );
    if (counts.read > 0 && counts.rejected === counts.read) context.setExitCode(1);
  } finally {
    progress.end();
    await rejected.end();
    await close();
  }
}

const said = ({ read, created, updated, unchanged, rejected }: ImportCounts): string =>
  `${read} rows: ${created} new, ${updated} changed, ${unchanged} known, ${rejected} rejected\n`;

function zoneOf(name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new InputError(`--timezone is "${name}"; expected an IANA time zone such as "Europe/Moscow"`);
  }
}
