import type { AdminKey } from "./admin-key.ts";

/** What the terminal says when everything runs. */
export interface BannerFacts {
  url: string;
  database: string;
  queue: string;
  dataDir: string;
  key: AdminKey;
  demo: { webUrl: string; brandId: string } | null;
}

/** A few lines: what runs, where, with which key, and the three most useful calls. */
export function banner({ url, database, queue, dataDir, key, demo }: BannerFacts): string {
  const shown = key.text ?? "$MOLVA_KEY";
  const auth = `-H "Authorization: Bearer ${shown}"`;
  const brand = demo?.brandId ?? "<brand id>";
  const lines = [
    `Molva is ready: ${url}   API page: ${url}/docs`,
    `  database ${database} · queue ${queue} · data in ${dataDir}`,
    key.text === null
      ? "  key: as shown at the first start; `npm run molva -- key create` makes another"
      : `  admin key${noteOn(key)}: ${key.text}`,
    ...(demo ? [`  demo: brand «Волна» watches the pages at ${demo.webUrl}`] : []),
    "",
    "  what waits for an answer, the most urgent first:",
    `    curl -s ${auth} "${url}/v1/queue?limit=5"`,
    "  take the next case:",
    `    curl -s -X POST ${auth} -H "Content-Type: application/json" -d '{"limit":1}' "${url}/v1/queue/claim"`,
    "  the tone by day:",
    `    curl -s ${auth} "${url}/v1/trends/sentiment?brandId=${brand}&bucket=day"`,
    "",
    "  Ctrl-C stops everything.",
  ];
  return `${lines.join("\n")}\n`;
}

function noteOn({ isNew, file }: AdminKey): string {
  if (file !== null) return ` (kept in ${file})`;
  return isNew ? " (shown once, keep it)" : "";
}
