import { z } from "zod";
import { reportHtml } from "#domain/export/report.ts";
import { readReport } from "#pipeline/export/report.ts";
import { type ApiDeps, type Caller, everyReader, type Route, readRoute } from "./define.ts";
import { attachment, fileBody } from "./export-shape.ts";
import { ProblemError } from "./problem.ts";
import { timezone } from "./shape.ts";
import { bucketLimit, spanQuery, trendQuestion } from "./trend-question.ts";
import { rivalsOf } from "./trends-voice.ts";

const query = z.strictObject({
  ...spanQuery,
  timezone: timezone.optional().describe("IANA name; the brand's when absent"),
  language: z.enum(["ru", "en"]).optional().describe("the brand's when absent"),
});
type Query = z.output<typeof query>;

async function reportOf(deps: ApiDeps, caller: Caller, asked: Query, now: Date): Promise<string> {
  const { db } = deps;
  const { brand, question } = await trendQuestion(db, caller, { ...asked, bucket: "day" }, now, bucketLimit);
  const { seen: rivals } = await rivalsOf(db, caller, brand);
  const { from, to, timezone: zone } = question;
  const language = asked.language ?? brand.language;
  return reportHtml(await readReport(db, { brand, rivals, from, to, timezone: zone, language }, now));
}

const noPrinter = () =>
  new ProblemError(
    503,
    "unavailable",
    "PDF needs Chromium, which is not on this machine: install Debian's package chromium or set MOLVA_BROWSER_PATH; GET /v1/exports/report.html needs none",
  );

/** A brand's period on a few pages, with charts. */
export const reportExportRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/exports/report.html",
    tag: "exports",
    summary: "A brand's period as one HTML file with charts, for screen and paper",
    allow: everyReader,
    produces: "text/html; charset=utf-8",
    query,
    reply: fileBody,
    read: async (deps, { query: asked, caller, now, reply }) => {
      const body = await reportOf(deps, caller, asked, now);
      reply.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
      reply.header("content-disposition", attachment("report.html", now));
      return { body };
    },
  }),
  readRoute({
    url: "/v1/exports/report.pdf",
    tag: "exports",
    summary: "The same as PDF, where Chromium is installed: 503 says so where it is not",
    allow: everyReader,
    produces: "application/pdf",
    query,
    reply: fileBody,
    read: async (deps, { query: asked, caller, now, reply }) => {
      const html = await reportOf(deps, caller, asked, now);
      if (!deps.printPdf) throw noPrinter();
      const body = await deps.printPdf(html);
      reply.header("content-disposition", attachment("report.pdf", now));
      return { body };
    },
  }),
];
