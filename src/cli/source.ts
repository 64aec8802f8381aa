import { InputError } from "#domain/errors.ts";
import type { Item } from "#domain/item.ts";
import { parseReply } from "#pipeline/parse-reply.ts";
import type { Parsed } from "#pipeline/parse-task.ts";
import { readByKind, readCredentials } from "#pipeline/source-input.ts";
import type { AnySourceKind, Ask, SourceRequest } from "#sources/define.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { AddCommand, CliContext } from "./define.ts";
import { recordReply } from "./record.ts";

interface Options {
  settings: string;
  credentials?: string;
  pages: string;
  record?: string;
  json?: boolean;
}

const help = `
Settings and credentials are JSON, or @file with JSON in it. Uses no database and stores nothing. The egress
guard, robots.txt and the pace of the host are kept as in collecting.

  molva source try rss-feed --settings '{"url": "https://example.com/rss.xml", "kind": "news"}'`;

/** `source try`: asks a source and prints what it would bring. */
export const addSource: AddCommand = (program, context) => {
  program
    .command("source")
    .description("source kinds")
    .command("try")
    .description("ask a source and print the items")
    .argument("<kind>", "such as rss-feed; docs/source-kinds.md lists all")
    .requiredOption("--settings <json>", "as the kind takes them")
    .option("--credentials <json>", "as the kind takes them")
    .option("--pages <count>", "how many pages to read at most", "1")
    .option("--record <dir>", "keep the replies there, with secrets removed")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((kind: string, options: Options) => run(context, findSourceKind(kind), options));
};

async function run(context: CliContext, kind: AnySourceKind, options: Options): Promise<void> {
  const settings = readByKind(
    kind.settings,
    await jsonOf(context, "--settings", options.settings),
    "settings",
  );
  const given =
    options.credentials === undefined ? null : await jsonOf(context, "--credentials", options.credentials);
  const credentials = readCredentials(kind, given ?? undefined);
  const pageCount = Number(options.pages);
  if (!Number.isInteger(pageCount) || pageCount < 1)
    throw new InputError(`--pages is "${options.pages}"; expected a whole number from 1`);
  const ask: Ask<unknown> = { settings, cursor: null, progress: null, now: context.clock(), since: null };
  if (kind.request === undefined) throw new InputError(`${kind.id} asks nobody: texts are sent to it`);
  const net = await context.openNet();
  try {
    let requests: SourceRequest[] = [kind.request(ask)].flat();
    for (let page = 1; page <= pageCount && requests.length > 0; page++) {
      const [request, ...rest] = requests as [SourceRequest, ...SourceRequest[]];
      const parsed = await askOnce(
        { context, kind, credentials, net, ask, record: options.record ?? null, page },
        request,
      );
      if (parsed.page.cursor !== undefined) ask.progress = parsed.page.cursor;
      requests = [...parsed.page.details, ...(parsed.page.next ? [parsed.page.next] : []), ...rest];
      context.out(options.json ? jsonLine(request, parsed) : said(request, parsed, requests.length));
    }
  } finally {
    await net.close();
  }
}

async function jsonOf(context: CliContext, option: string, text: string): Promise<unknown> {
  const json = text.startsWith("@") ? await context.readText(text.slice(1)) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InputError(
      `${option} is no JSON: ${error instanceof Error ? error.message : "not understood"}`,
    );
  }
}

interface Asking {
  context: CliContext;
  kind: AnySourceKind;
  credentials: unknown;
  net: Awaited<ReturnType<CliContext["openNet"]>>;
  ask: Ask<unknown>;
  record: string | null;
  page: number;
}

async function askOnce(asking: Asking, request: SourceRequest): Promise<Parsed> {
  const { kind, credentials, net, ask, record, page } = asking;
  const full = kind.authorize && credentials !== null ? kind.authorize(request, credentials) : request;
  const reply = await net.fetch({
    url: full.url,
    method: full.method ?? "GET",
    headers: full.headers ?? {},
    ...(full.body === undefined ? {} : { body: full.body }),
    obeysRobots: kind.obeysRobots,
  });
  if (record !== null) await recordReply(record, `${kind.id}-${page}`, { request, reply, credentials });
  const { body: bytes, headers, status, url } = reply;
  return parseReply(kind, { bytes, headers, status, url, request, ask });
}

const jsonLine = ({ url }: SourceRequest, { page, encoding }: Parsed): string =>
  `${JSON.stringify({ url, encoding, items: page.items, next: page.next, details: page.details, cursor: page.cursor })}\n`;

function said({ url }: SourceRequest, { page, encoding }: Parsed, leftCount: number): string {
  const head = `${url}: ${page.items.length} items, ${encoding}, ${leftCount} more requests to make`;
  return `${[head, ...page.items.map(itemSaid)].join("\n")}\n`;
}

const longest = 120;

function itemSaid(item: Item): string {
  const rating = item.rating === null ? [] : [`${item.rating.value}/${item.rating.scale}`];
  const facts = [
    item.publishedAt?.toISOString() ?? "no date",
    item.kind,
    ...rating,
    item.author?.name ?? "no name",
    item.externalId,
  ];
  const text = [item.title, item.text].filter(Boolean).join(": ").replace(/\s+/g, " ");
  return `  ${facts.join(" · ")}\n    ${[...text].slice(0, longest).join("")}`;
}
