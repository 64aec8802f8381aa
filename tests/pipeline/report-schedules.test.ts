import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startReports } from "#pipeline/report-runs.ts";
import {
  changeReportSchedule,
  createReportSchedule,
  type ReportScheduleInput,
  removeReportSchedule,
} from "#pipeline/report-schedules.ts";
import { failWaiting } from "#store/alert-setup.ts";
import { inTransaction } from "#store/db.ts";
import { type Alerting, deliveriesOf, openAlerting } from "./alerting.ts";
import { type Platform, startPlatform } from "./chat-servers.ts";
import { openWorld, type World } from "./world.ts";

const secret = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`;

let world: World;
let platform: Platform;
let alerting: Alerting;
let brandId: string;
let brandCount = 0;

beforeAll(async () => {
  world = await openWorld();
  // As documented: a message and a document are answered alike, with the message that was made.
  platform = await startPlatform(({ path }) =>
    path.startsWith("/bot") ? { ok: true, result: { message_id: 7 } } : {},
  );
  alerting = await openAlerting(world, { telegramApi: platform.url, slackApi: platform.url });
});
afterAll(async () => {
  await alerting.close();
  await platform.close();
  await world.close();
});
beforeEach(async () => {
  platform.calls.length = 0;
  world.setNow("2026-11-19T12:00:00Z");
  brandId = await world.makeBrand({ name: `Волна & Ко ${++brandCount}` });
});
afterEach(settleAll);

/** Nothing of one test is sent in the next, whose clock goes back. */
async function settleAll(): Promise<void> {
  const { db } = world;
  await db.updateTable("report_schedule").set({ enabled: false, next_at: null }).execute();
  const over = {
    state: "failed",
    next_attempt_at: null,
    claimed_until: null,
    ended_at: new Date(0),
  } as const;
  await db.updateTable("delivery").set(over).where("ended_at", "is", null).execute();
  await db.deleteFrom("send_budget").execute();
}

const webhook = (settings: object = {}) =>
  alerting.makeChannel("webhook", {
    settings: { url: `${platform.url}/hook`, ...settings },
    secrets: { secret },
  });
const telegram = (fullText: boolean) =>
  alerting.makeChannel("telegram", {
    settings: { chatId: 7 },
    secrets: { botToken: "123456:AAtoken" },
    fullText,
  });

const schedule = (channelIds: string[], input: Partial<ReportScheduleInput> = {}) =>
  inTransaction(world.db, tx =>
    createReportSchedule(
      tx,
      {
        brandId,
        every: "daily",
        weekday: 1,
        at: "09:00",
        timezone: null,
        language: null,
        format: "html",
        channelIds,
        enabled: true,
        ...input,
      },
      null,
      world.deps.clock(),
    ),
  );

const nextOf = async (id: string) =>
  (
    await world.db
      .selectFrom("report_schedule")
      .select("next_at")
      .where("id", "=", id)
      .executeTakeFirstOrThrow()
  ).next_at?.toISOString();

describe("a report schedule", () => {
  it("runs at its wall time and not before, once however many ticks there are, and then the next day", async () => {
    const channel = await webhook();
    const { id } = await schedule([channel]);
    expect(await nextOf(id)).toBe("2026-11-20T06:00:00.000Z");
    world.setNow("2026-11-20T05:59:59Z");
    expect(await startReports(world.deps)).toBe(0);
    world.setNow("2026-11-20T06:00:00Z");
    const made = await Promise.all([1, 2, 3].map(() => startReports(world.deps)));
    expect(made.reduce((a, b) => a + b)).toBe(1);
    expect(await startReports(world.deps)).toBe(0);
    expect(await nextOf(id)).toBe("2026-11-21T06:00:00.000Z");
    const [delivery, ...others] = await deliveriesOf(world, channel);
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({
      schedule_id: id,
      report_from: new Date("2026-11-18T21:00:00Z"),
      report_to: new Date("2026-11-19T21:00:00Z"),
    });
  });

  it("gives a channel a period once, also when its time is moved on the same day", async () => {
    const channel = await webhook();
    const { id } = await schedule([channel]);
    world.setNow("2026-11-20T06:00:00Z");
    await startReports(world.deps);
    await inTransaction(world.db, tx => changeReportSchedule(tx, id, { at: "15:00" }, world.deps.clock()));
    expect(await nextOf(id)).toBe("2026-11-20T12:00:00.000Z");
    world.setNow("2026-11-20T12:00:00Z");
    expect(await startReports(world.deps)).toBe(0);
    expect(await nextOf(id)).toBe("2026-11-21T12:00:00.000Z");
    expect(await deliveriesOf(world, channel)).toHaveLength(1);
  });

  it("tells what was missed once, by the latest period", async () => {
    const channel = await webhook();
    const { id } = await schedule([channel]);
    world.setNow("2026-11-24T05:00:00Z");
    expect(await startReports(world.deps)).toBe(1);
    expect((await deliveriesOf(world, channel))[0]?.report_to).toEqual(new Date("2026-11-22T21:00:00Z"));
    expect(await nextOf(id)).toBe("2026-11-24T06:00:00.000Z");
  });

  it("leaves out channels that are gone, off, or do not want reports, and goes on", async () => {
    const [gone, off, silent, living] = [
      await webhook(),
      await webhook(),
      await webhook({ events: ["alert.fired"] }),
      await webhook({ events: ["report.ready"] }),
    ];
    const { id } = await schedule([gone, off, silent, living]);
    const at = world.deps.clock();
    await world.db.updateTable("alert_channel").set({ archived_at: at }).where("id", "=", gone).execute();
    await world.db.updateTable("alert_channel").set({ enabled: false }).where("id", "=", off).execute();
    world.setNow("2026-11-20T06:00:00Z");
    expect(await startReports(world.deps)).toBe(1);
    expect(await deliveriesOf(world, living)).toHaveLength(1);
    expect(await nextOf(id)).toBe("2026-11-21T06:00:00.000Z");
  });

  it("says nothing of a brand that is archived", async () => {
    const channel = await webhook();
    const { id } = await schedule([channel]);
    const at = world.deps.clock();
    await world.db.updateTable("brand").set({ archived_at: at }).where("id", "=", brandId).execute();
    world.setNow("2026-11-20T06:00:00Z");
    expect(await startReports(world.deps)).toBe(0);
    expect(await deliveriesOf(world, channel)).toEqual([]);
    expect(await nextOf(id)).toBe("2026-11-21T06:00:00.000Z");
  });

  it("sends nothing more once it or its channel is deleted", async () => {
    const [first, second] = [await webhook(), await webhook()];
    const { id } = await schedule([first]);
    await schedule([second]);
    world.setNow("2026-11-20T06:00:00Z");
    await startReports(world.deps);
    const now = world.deps.clock();
    await inTransaction(world.db, tx => removeReportSchedule(tx, id, now));
    await inTransaction(world.db, tx => failWaiting(tx, second, "The channel was deleted.", now));
    await alerting.send();
    expect(platform.calls).toEqual([]);
    expect((await deliveriesOf(world, first))[0]?.state).toBe("failed");
    world.setNow("2026-11-21T06:00:00Z");
    await startReports(world.deps);
    expect(await deliveriesOf(world, first)).toHaveLength(1);
  });
});

describe("a report in a channel", () => {
  it("comes to a webhook as a signed event of under 20 kB with the figures, the link and the period", async () => {
    const channel = await webhook();
    await alerting.complain(brandId, 3);
    await schedule([channel]);
    world.setNow("2026-11-20T06:00:00Z");
    await startReports(world.deps);
    expect(await alerting.send()).toBe(1);
    const [call, ...others] = platform.calls;
    expect(others).toEqual([]);
    const at = new Date(Number(call?.headers["webhook-timestamp"]) * 1_000);
    const signature = new Webhook(secret).sign(String(call?.headers["webhook-id"]), at, call?.raw ?? "");
    expect(call?.headers["webhook-signature"]).toBe(signature);
    expect(call?.raw.length).toBeLessThan(20_000);
    expect(call?.raw).not.toMatch(/хамят|Анна/);
    expect(call?.body).toMatchObject({
      type: "report.ready",
      data: {
        brand: { id: brandId, name: `Волна & Ко ${brandCount}` },
        every: "daily",
        from: "2026-11-18T21:00:00.000Z",
        to: "2026-11-19T21:00:00.000Z",
        timezone: "Europe/Moscow",
        figures: { total: 3, negative: 3, netSentiment: -100 },
        previous: { total: 0, netSentiment: null },
      },
    });
    const link = new URL(call?.body.data.link);
    expect(link.pathname).toBe("/v1/exports/report.html");
    expect(link.searchParams.get("from")).toBe("2026-11-18T21:00:00.000Z");
  });

  it("comes again under the same id when the sender dies between the message and its note", async () => {
    const channel = await webhook();
    await schedule([channel]);
    world.setNow("2026-11-20T06:00:00Z");
    await startReports(world.deps);
    await alerting.send();
    const [delivery] = await deliveriesOf(world, channel);
    // What a process leaves that was killed after its message was taken.
    await world.db
      .updateTable("delivery")
      .set({ state: "sending", ended_at: null, claimed_until: new Date("2026-11-20T06:05:00Z") })
      .where("id", "=", delivery?.id ?? "")
      .execute();
    world.setNow("2026-11-20T06:04:59Z");
    expect(await alerting.send()).toBe(0);
    world.setNow("2026-11-20T06:05:00Z");
    await startReports(world.deps);
    expect(await alerting.send()).toBe(1);
    const ids = platform.calls.map(call => call.headers["webhook-id"]);
    expect(ids).toEqual([delivery?.id, delivery?.id]);
    expect(platform.calls[1]?.raw).toBe(platform.calls[0]?.raw);
  });

  it("is repeated by the schedule of its channel while the receiver is away", async () => {
    const channel = await webhook();
    await schedule([channel]);
    const { respond } = platform;
    platform.respond = () => ({ status: 500 });
    world.setNow("2026-11-20T06:00:00Z");
    await startReports(world.deps);
    await alerting.send();
    platform.respond = respond;
    expect((await deliveriesOf(world, channel))[0]).toMatchObject({ state: "waiting", attempt_count: 1 });
    alerting.laterBy(10_000);
    await alerting.send();
    expect((await deliveriesOf(world, channel))[0]).toMatchObject({ state: "delivered", attempt_count: 2 });
  });

  it("comes to Telegram as a file with a caption; quotes are in it only with the full text on", async () => {
    for (const fullText of [false, true]) {
      brandId = await world.makeBrand({ name: `Волна & Ко ${++brandCount}` });
      world.setNow("2026-11-19T12:00:00Z");
      await alerting.complain(brandId, 2);
      platform.calls.length = 0;
      await schedule([await telegram(fullText)]);
      world.setNow("2026-11-20T06:00:00Z");
      await startReports(world.deps);
      await alerting.send();
      const [call, ...others] = platform.calls;
      expect(others).toEqual([]);
      expect(call?.method).toBe("sendDocument");
      const form = await formOf(call?.headers["content-type"] ?? "", call?.raw ?? "");
      expect(form.get("chat_id")).toBe("7");
      expect(form.get("parse_mode")).toBe("HTML");
      const caption = String(form.get("caption"));
      expect(caption.length).toBeLessThan(1_024);
      expect(caption).toContain(`<b>Волна &amp; Ко ${brandCount}</b>\n19 ноября 2026 г.`);
      expect(caption).toContain("Упоминания: 2 (0 за предыдущий период)");
      expect(caption).not.toContain("PDF");
      const file = form.get("document") as File;
      expect(file.name).toBe("report-2026-11-19.html");
      expect((await file.text()).includes("хамят")).toBe(fullText);
      await settleAll();
    }
  });

  it("is a PDF where one can be made, and else HTML that says so", async () => {
    const printers = [
      { printPdf: async () => Buffer.from("%PDF-1.7"), name: "report-2026-11-19.pdf", said: false },
      { printPdf: null, name: "report-2026-11-19.html", said: true },
      { printPdf: () => Promise.reject(new Error("crashed")), name: "report-2026-11-19.html", said: true },
    ];
    for (const { printPdf, name, said } of printers) {
      platform.calls.length = 0;
      world.setNow("2026-11-19T12:00:00Z");
      await schedule([await telegram(false)], { format: "pdf" });
      world.setNow("2026-11-20T06:00:00Z");
      await startReports(world.deps);
      Object.assign(alerting.deps, { printPdf });
      await alerting.send();
      const [call] = platform.calls;
      const form = await formOf(call?.headers["content-type"] ?? "", call?.raw ?? "");
      expect((form.get("document") as File).name).toBe(name);
      expect(String(form.get("caption")).includes("Сделать PDF не удалось")).toBe(said);
      await world.db
        .updateTable("send_budget")
        .set({ free_at: new Date(0) })
        .execute();
    }
  });

  it("comes to Slack as headline figures and a link, without a button to acknowledge", async () => {
    const channel = await alerting.makeChannel("slack", {
      secrets: { webhookUrl: `${platform.url}/slack`, signingSecret: "0123456789abcdef0123456789abcdef" },
    });
    await alerting.complain(brandId, 1);
    await schedule([channel], { language: "en", timezone: "UTC" });
    world.setNow("2026-11-20T09:00:00Z");
    await startReports(world.deps);
    await alerting.send();
    const [call] = platform.calls;
    expect(call?.raw).toContain("Волна &amp; Ко");
    expect(call?.raw).toContain("19 November 2026");
    expect(call?.raw).toContain("/v1/exports/report.html?brandId=");
    expect(call?.raw).not.toMatch(/хамят|molva-ack/);
  });
});

/** The form as any HTTP library reads it. */
const formOf = (type: string, raw: string): Promise<FormData> =>
  new Response(raw, { headers: { "content-type": type } }).formData();
