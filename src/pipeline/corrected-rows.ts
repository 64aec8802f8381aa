import { allCorrectedTexts } from "#store/recalibration.ts";
import type { ClassIndex, Row } from "#tone/training/rows.ts";
import type { Deps } from "./deps.ts";
import { toneInput } from "./score.ts";

/** More would drown the labelled sets that a model is judged by. */
const most = 20_000;

const classes: Readonly<Record<"negative" | "neutral" | "positive", ClassIndex>> = {
  negative: 0,
  neutral: 1,
  positive: 2,
};

/** The newest corrections of the database as texts to learn from, without their stars, as all other sets are. */
export async function correctedRows({ db }: Pick<Deps, "db">): Promise<Row[]> {
  return (await allCorrectedTexts(db, most))
    .filter(({ text, title }) => (title ?? "").trim() !== "" || text.trim() !== "")
    .map(found => {
      const { text, kind, brandSpans = [] } = toneInput(found);
      return {
        set: "corrections",
        input: { text, kind, ...(brandSpans.length > 0 ? { brandSpans } : {}) },
        label: classes[found.human_tone],
        polar: false,
        group: found.sourceId,
      };
    });
}
