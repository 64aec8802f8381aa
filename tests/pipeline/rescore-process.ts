import { rescore } from "#pipeline/rescore.ts";
import { scoreHere } from "#pipeline/score.ts";
import { openDb } from "#store/db.ts";
import { shippedScorer } from "#tests/scorer.ts";

/** A process that rescores a brand and tells each batch on its standard output; a test kills it on the way. */
const [url, brandId] = process.argv.slice(2) as [string, string];
const db = openDb({
  url,
  maxConnections: 2,
  statementTimeoutMs: 30_000,
  applicationName: "rescore",
  onLostConnection: () => {},
});
const scorer = shippedScorer();
const deps = { db, scorer, scoreAll: scoreHere(scorer), clock: () => new Date() };
await rescore(deps, { brandId, since: null }, ({ doneCount }) => void process.stdout.write(`${doneCount}\n`));
await db.destroy();
