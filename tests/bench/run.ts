import { parseArgs } from "node:util";
import { shippedScorer } from "#tests/scorer.ts";
import { benchAlert } from "./alert.ts";
import { benchAlertStorm } from "./alert-storm.ts";
import { benchApi } from "./claim.ts";
import { benchExport } from "./export.ts";
import { benchIngest } from "./ingest.ts";
import { benchMatch } from "./match.ts";
import { benchRivals, printRivals } from "./rivals.ts";
import type { Figure } from "./stage.ts";
import { benchStart } from "./start.ts";
import { benchToneSpeed } from "./tone.ts";
import { benchTrend } from "./trend.ts";

const usage = `npm run bench -- [--only ingest,match,tone,trend,api,export,storm,start] [--seconds 60] [--rounds 3] [--full]
  --seconds  length of one ingest run (60 is the figure to compare; 10 shows the direction)
  --full     trends over 10 million mentions too`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "60" },
    rounds: { type: "string", default: "3" },
    full: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const seconds = Number(values.seconds);
const parts: Record<string, () => Promise<Figure[]> | Figure[]> = {
  match: () => benchMatch().map(row => ({ ...row, more: true })),
  tone: toneFigures,
  ingest: () => benchIngest(seconds, Number(values.rounds)),
  api: () => benchApi(Math.min(seconds, 10)),
  trend: () => benchTrend(values.full ? [1_000_000, 10_000_000] : [1_000_000]),
  export: () => benchExport(1_000_000),
  storm: () => benchAlertStorm(seconds),
  start: benchStart,
  alert: benchAlert,
};

function toneFigures(): Figure[] {
  const rivalry = benchRivals(shippedScorer());
  if (rivalry === null)
    console.log("!!! ABSENT, NOT MEASURED: npm's tone packages, for want of ../shared/data/tone");
  else printRivals(rivalry);
  const { textsPerSecond, wholePerSecond, targetPerSecond, barePassPerSecond } = benchToneSpeed();
  const note = `${(barePassPerSecond / textsPerSecond).toFixed(1)} bare passes over the text`;
  return [
    {
      name: "tone of 300 characters",
      unit: "texts/s",
      result: textsPerSecond,
      target: targetPerSecond,
      more: true,
      note,
    },
    {
      name: "tone of 300 characters with aspects and intents",
      unit: "texts/s",
      result: wholePerSecond,
      target: 10_000,
      more: true,
    },
  ];
}

/** The share of the target that was reached: 1 and more is reached, whichever way is better. */
function ratioOf({ result, target, more }: Figure): string {
  if (target === null) return "";
  if (target === 0) return result === 0 ? "1.00" : "0.00";
  return (more ? result / target : target / result).toFixed(2);
}

const shown = (value: number | null): string =>
  value === null ? "" : value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });

function printTable(figures: readonly Figure[]): void {
  console.log(`\n${"what".padEnd(68)}${"target".padStart(9)}${"result".padStart(10)}${"ratio".padStart(7)}`);
  for (const figure of figures) {
    const row = [
      shown(figure.target).padStart(9),
      shown(figure.result).padStart(10),
      ratioOf(figure).padStart(7),
    ];
    console.log(
      `${figure.name.padEnd(68)}${row.join("")}  ${figure.unit}${figure.note ? ` (${figure.note})` : ""}`,
    );
  }
}

const wanted = values.only?.split(",") ?? Object.keys(parts);
const unknown = wanted.filter(name => parts[name] === undefined);
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no part ${unknown.join(", ")}.\n${usage}` : usage);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  const figures: Figure[] = [];
  for (const name of wanted) {
    console.log(`${name} …`);
    figures.push(...((await parts[name]?.()) ?? []));
  }
  printTable(figures);
}
