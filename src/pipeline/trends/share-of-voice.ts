import { type Share, shareOf } from "#domain/wilson.ts";
import type { BrandRow } from "#store/brand.ts";
import { type Db, inSnapshot } from "#store/db.ts";
import { readTrend, type TrendBucket, type TrendQuestion } from "#store/trend.ts";

/** How loud one brand is among those that it competes with. */
interface Voice {
  brandId: string;
  /** All its mentions. */
  raw: number;
  /** Its mentions without copies of earlier texts. */
  unique: number;
  rawShare: Share | null;
  /** Share of voice: copies count once. */
  share: Share | null;
}

interface VoiceBucket {
  start: Date;
  end: Date;
  voices: Voice[];
}

export interface VoiceView {
  series: VoiceBucket[];
  totals: Voice[];
}

type Question = Omit<TrendQuestion, "brandId" | "brandTimezone">;

/** Share of voice of brands beside each other, by bucket and in all; brands in the order given. */
export const readShareOfVoice = (
  db: Db,
  question: Question,
  brands: readonly Pick<BrandRow, "id" | "timezone">[],
): Promise<VoiceView> =>
  inSnapshot(db, async snapshot => {
    const found: { brandId: string; buckets: TrendBucket[] }[] = [];
    for (const { id: brandId, timezone: brandTimezone } of brands)
      found.push({ brandId, buckets: await readTrend(snapshot, { ...question, brandId, brandTimezone }) });
    const series = (found[0]?.buckets ?? []).map(({ start, end }, index) => ({
      start,
      end,
      voices: voicesOf(
        found.map(({ brandId, buckets }) => ({ brandId, ...loudness(buckets.slice(index, index + 1)) })),
      ),
    }));
    return {
      series,
      totals: voicesOf(found.map(({ brandId, buckets }) => ({ brandId, ...loudness(buckets) }))),
    };
  });

const loudness = (buckets: readonly TrendBucket[]) => ({
  raw: buckets.reduce((sum, { total }) => sum + total, 0),
  unique: buckets.reduce((sum, { originals }) => sum + originals, 0),
});

function voicesOf(brands: readonly { brandId: string; raw: number; unique: number }[]): Voice[] {
  const raw = brands.reduce((sum, brand) => sum + brand.raw, 0);
  const unique = brands.reduce((sum, brand) => sum + brand.unique, 0);
  return brands.map(brand => ({
    ...brand,
    rawShare: shareOf(brand.raw, raw),
    share: shareOf(brand.unique, unique),
  }));
}
