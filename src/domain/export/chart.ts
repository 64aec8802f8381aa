import { html, type Markup } from "./markup.ts";

/** One bar of tones; `missing` says that nothing was collected, which is drawn as a hole. */
export interface ToneBar {
  label: string;
  positive: number;
  neutral: number;
  negative: number;
  missing: boolean;
}

const box = { width: 760, height: 230, left: 44, top: 10, bottom: 30 };
const plot = { width: box.width - box.left, height: box.height - box.top - box.bottom };
/** So many labels fit under the axis. */
const labelCount = 8;

/** Steps of an axis that people read: 1, 2 or 5 times a power of ten, at most five of them. */
export function axisSteps(most: number): number[] {
  const rough = Math.max(1, most) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, index) => index * step);
}

/** Stacked bars as SVG, with a title for those who do not see them; heights add up to the counts. */
export function toneChart(
  bars: readonly ToneBar[],
  title: string,
  number: (value: number) => string,
): Markup {
  const steps = axisSteps(
    Math.max(0, ...bars.map(({ positive, neutral, negative }) => positive + neutral + negative)),
  );
  const top = steps.at(-1) as number;
  const slot = plot.width / Math.max(1, bars.length);
  const height = (count: number) => (count / top) * plot.height;
  const every = Math.ceil(bars.length / labelCount);
  const base = box.top + plot.height;
  const rect = (index: number, from: number, count: number, tone: string) =>
    count === 0
      ? null
      : html`<rect class="${tone}" x="${fixed(box.left + index * slot + slot * 0.12)}" y="${fixed(base - height(from + count))}" width="${fixed(slot * 0.76)}" height="${fixed(height(count))}"/>`;
  const hole = (index: number) =>
    html`<rect class="hole" x="${fixed(box.left + index * slot)}" y="${box.top}" width="${fixed(slot)}" height="${plot.height}"/>`;
  return html`<svg viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${title}"><title>${title}</title>
${steps.map(step => html`<line class="grid" x1="${box.left}" x2="${box.width}" y1="${fixed(base - height(step))}" y2="${fixed(base - height(step))}"/><text class="axis" x="${box.left - 6}" y="${fixed(base - height(step) + 4)}" text-anchor="end">${number(step)}</text>`)}
${bars.map((bar, index) => [
  bar.missing ? hole(index) : null,
  rect(index, 0, bar.negative, "negative"),
  rect(index, bar.negative, bar.neutral, "neutral"),
  rect(index, bar.negative + bar.neutral, bar.positive, "positive"),
  index % every === 0
    ? html`<text class="axis" x="${fixed(box.left + (index + 0.5) * slot)}" y="${box.height - 8}" text-anchor="middle">${bar.label}</text>`
    : null,
])}</svg>`;
}

const fixed = (value: number): string => (Math.round(value * 100) / 100).toString();
