import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type Item, itemSchema } from "#domain/item.ts";
import type { AnySourceKind, Ask, Json, Page, SourceReply, SourceRequest } from "#sources/define.ts";

const root = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** What stands in `<name>.meta.json`; everything may be left out. */
export interface FixtureMeta {
  status?: number;
  headers?: Record<string, string>;
  url?: string;
  step?: string;
  state?: Json;
  settings?: unknown;
  cursor?: Json;
  now?: string;
  /** How many items an `ordinary` reply holds, counted by hand: a kind that merges by id must lose none. */
  items?: number;
  /** The page prints dates relative to the moment of reading ("вчера"). */
  relativeDates?: boolean;
}

export interface Fixture {
  name: string;
  body: string;
  meta: FixtureMeta;
}

/** The fixtures of a kind whose name is `family` or begins with `family-`. */
export function fixtures(kindId: string, family: string): Fixture[] {
  const folder = `${root}${kindId}/`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => !file.endsWith(".meta.json"))
    .map(file => ({ file, name: basename(file).replace(/\.[a-z]+$/, "") }))
    .filter(({ name }) => name === family || name.startsWith(`${family}-`))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ file, name }) => ({
      name,
      body: readFileSync(folder + file, "utf8"),
      meta: readMeta(folder + name),
    }));
}

function readMeta(path: string): FixtureMeta {
  const file = `${path}.meta.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FixtureMeta) : {};
}

const defaultNow = "2026-05-20T12:00:00Z";

/** How a run is asked for: the kind's example settings, no cursor, a fixed now; `meta` overrides. */
export function askFor(
  kind: AnySourceKind,
  meta: FixtureMeta = {},
  changes: Partial<Ask<unknown>> = {},
): Ask<unknown> {
  return {
    settings: kind.settings.parse(meta.settings ?? kind.example.settings),
    cursor: meta.cursor ?? null,
    progress: null,
    now: new Date(meta.now ?? defaultNow),
    since: null,
    ...changes,
  };
}

/** The requests that a run begins with. */
export function firstRequests(kind: AnySourceKind, ask: Ask<unknown>): SourceRequest[] {
  return [kind.request?.(ask) ?? []].flat();
}

/** The reply that a fixture stands for: to the run's first request unless `meta` names another one. */
function replyOf(kind: AnySourceKind, fixture: Fixture, ask: Ask<unknown>): SourceReply {
  const first = firstRequests(kind, ask)[0];
  if (first === undefined) throw new Error(`${kind.id}: no first request`);
  const { url, step, state, status, headers } = fixture.meta;
  const request: SourceRequest = {
    ...first,
    ...(url === undefined ? {} : { url }),
    ...(step === undefined ? {} : { step }),
    ...(state === undefined ? {} : { state }),
  };
  return { request, url: request.url, status: status ?? 200, headers: headers ?? {}, body: fixture.body };
}

/** Parses a fixture with an optional change of the question or of the reply. */
export function parseFixture(
  kind: AnySourceKind,
  fixture: Fixture,
  changes: { ask?: Partial<Ask<unknown>>; reply?: Partial<SourceReply> } = {},
): Page {
  const ask = askFor(kind, fixture.meta, changes.ask);
  if (kind.parse === undefined) throw new Error(`${kind.id} has no parse`);
  return kind.parse({ ...replyOf(kind, fixture, ask), ...changes.reply }, ask);
}

/** The items of a page as the pipeline will see them; an invalid one throws. */
export const itemsOf = (page: Page): Item[] => page.items.map(item => itemSchema.parse(item));

/** The requests that a page asks to be made next. */
export const followUps = (page: Page): SourceRequest[] => [
  ...(page.next ? [page.next] : []),
  ...(page.details ?? []),
];
