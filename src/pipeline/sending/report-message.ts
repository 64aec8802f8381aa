import type { Message, ReportFile } from "#channels/define.ts";
import { type ReportFacts, reportHtml } from "#domain/export/report.ts";
import { readReport } from "#pipeline/export/report.ts";
import { findBrand, listRivals } from "#store/brand.ts";
import type { DeliveryRow } from "#store/delivery.ts";
import { scheduleOfReport } from "#store/report-schedule.ts";
import type { NotifyDeps } from "./deps.ts";

/** Telegram takes 50 MB; a report beyond this is told of without its file. */
const mostBytes = 49_000_000;
/** A page that takes longer to print goes out as HTML. */
const printMs = 60_000;

/** A delivery that brings a report. */
export type ReportDelivery = DeliveryRow & { schedule_id: string; report_from: Date; report_to: Date };

export const isReport = (delivery: DeliveryRow): delivery is ReportDelivery => delivery.schedule_id !== null;

/**
 * What a delivery of a report says; with the file where the channel carries files. Texts of mentions are in it
 * only where the channel's `fullText` is on.
 */
export async function reportMessage(
  deps: Pick<NotifyDeps, "db" | "publicUrl" | "log" | "printPdf">,
  delivery: ReportDelivery,
  { fullText, files }: { fullText: boolean; files: boolean },
): Promise<Message> {
  const { db, publicUrl } = deps;
  const schedule = await scheduleOfReport(db, delivery.schedule_id);
  const brand = await findBrand(db, schedule.brand_id);
  if (!brand) throw new Error(`the brand ${schedule.brand_id} of a report is not there`);
  const { language, format, shown_brand_ids: shown } = schedule;
  const timezone = schedule.timezone ?? brand.timezone;
  const [from, to] = [delivery.report_from, delivery.report_to];
  const all = await listRivals(db, brand.competitor_of ?? brand.id);
  const rivals = all.filter(
    one => one.id === brand.id || (one.archived_at === null && (shown === null || shown.includes(one.id))),
  );
  const asked = { brand, rivals, from, to, timezone, language };
  const read = await readReport(db, asked, delivery.created_at);
  const facts: ReportFacts = fullText ? read : { ...read, negatives: null };
  const file = files ? await fileOf(deps, reportHtml(facts), format, facts) : null;
  const query = new URLSearchParams({
    brandId: brand.id,
    from: from.toISOString(),
    to: to.toISOString(),
    timezone,
    language,
  });
  return {
    deliveryId: delivery.id,
    language,
    notes: [],
    total: 1,
    test: false,
    report: {
      brandId: brand.id,
      brandName: brand.name,
      every: schedule.every,
      from,
      to,
      timezone,
      madeAt: delivery.created_at,
      totals: read.totals,
      previous: read.previous,
      link: `${publicUrl}/v1/exports/report.${format}?${query}`,
      file,
      insteadOfPdf: file !== null && format === "pdf" && file.type !== "application/pdf",
    },
  };
}

/** The report as asked, or as HTML where there is no PDF; null for one that no channel carries. */
async function fileOf(
  { printPdf, log }: Pick<NotifyDeps, "printPdf" | "log">,
  html: string,
  format: "html" | "pdf",
  { from, timezone }: ReportFacts,
): Promise<ReportFile | null> {
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" }).format(from);
  const pdf = format === "pdf" && printPdf ? await printed(printPdf, html, log) : null;
  const bytes = pdf ?? Buffer.from(html);
  if (bytes.length > mostBytes) return null;
  return pdf === null
    ? { name: `report-${day}.html`, type: "text/html; charset=utf-8", bytes }
    : { name: `report-${day}.pdf`, type: "application/pdf", bytes };
}

/** Null when the browser fails or takes too long: a report in another form is better than none. */
async function printed(
  printPdf: NonNullable<NotifyDeps["printPdf"]>,
  html: string,
  log: NotifyDeps["log"],
): Promise<Uint8Array | null> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no PDF after ${printMs} ms`)), printMs);
  try {
    return await Promise.race([printPdf(html), late.promise]);
  } catch (err) {
    log.warn({ err }, "report not printed, sent as HTML");
    return null;
  } finally {
    clearTimeout(timer);
  }
}
