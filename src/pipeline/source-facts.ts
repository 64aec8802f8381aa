import { MolvaError } from "#domain/errors.ts";
import { officialBadgeWords } from "#domain/official.ts";
import type { AnySourceKind } from "#sources/define.ts";
import { findSourceKind } from "#sources/registry.ts";
import type { SourceRow } from "#store/source.ts";
import type { SecretBox } from "./deps.ts";
import type { IngestSource } from "./ingest/judge-page.ts";

/** A stored source with its kind: settings read anew by the kind's own schema. */
export interface SourceFacts {
  kind: AnySourceKind;
  settings: unknown;
  ingest: IngestSource;
}

export function sourceFacts(row: SourceRow): SourceFacts {
  const kind = findSourceKind(row.kind);
  const settings = kind.settings.parse(row.settings) as { match?: unknown; officialBadges?: string[] };
  const site = kind.site(settings);
  return {
    kind,
    settings,
    ingest: {
      id: row.id,
      kind: row.kind,
      title: row.title,
      site: site === "source" ? row.id : site,
      actFrom: row.act_from,
      matchAll: settings.match === "all",
      badgeWords: settings.officialBadges ?? officialBadgeWords,
    },
  };
}

/** The kind's credentials in the clear, or null; they go into requests and nowhere else. */
export function credentialsOf(row: SourceRow, kind: AnySourceKind, secrets: SecretBox): unknown {
  if (kind.credentials === undefined) return null;
  if (row.credentials === null) {
    throw new MolvaError(
      "no-credentials",
      `The source has no credentials; ${kind.id} needs them: PATCH /v1/sources/${row.id}`,
      {
        retry: "never",
        outcome: "blocked",
      },
    );
  }
  return kind.credentials.parse(JSON.parse(secrets.open(row.credentials)));
}
