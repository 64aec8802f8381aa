import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startReports } from "#pipeline/report-runs.ts";
import { createReportSchedule } from "#pipeline/report-schedules.ts";
import { inTransaction } from "#store/db.ts";
import { type Alerting, deliveriesOf, openAlerting } from "./alerting.ts";
import { type Platform, type Respond, slackApi, startPlatform } from "./chat-servers.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let slack: Platform;
let alerting: Alerting;
let brandId: string;
let brandCount = 0;

beforeAll(async () => {
  world = await openWorld();
  slack = await startPlatform(slackApi());
  alerting = await openAlerting(world, { slackApi: slack.url });
});
afterAll(async () => {
  await alerting.close();
  await slack.close();
  await world.close();
});
beforeEach(async () => {
  world.setNow("2026-11-19T12:00:00Z");
  await world.db.updateTable("report_schedule").set({ enabled: false, next_at: null }).execute();
  await world.db.updateTable("alert_channel").set({ archived_at: world.deps.clock() }).execute();
  await world.db.deleteFrom("send_budget").execute();
  slack.respond = slackApi();
  brandId = await world.makeBrand({ name: `Волна & Ко ${++brandCount}` });
  await alerting.complain(brandId, 2);
  slack.calls.length = 0;
});

/** A report of the day that is due in the channel. */
async function dueReport({ channel = "C024BE91L", fullText = false } = {}): Promise<string> {
  const id = await alerting.makeChannel("slack", {
    settings: { channel },
    secrets: { botToken: "xoxb-1" },
    fullText,
  });
  const input = {
    brandId,
    every: "daily" as const,
    weekday: 1,
    at: "09:00",
    timezone: null,
    language: null,
    format: "html" as const,
    channelIds: [id],
    enabled: true,
  };
  await inTransaction(world.db, tx => createReportSchedule(tx, input, null, world.deps.clock()));
  world.setNow("2026-11-20T06:00:00Z");
  await startReports(world.deps);
  return id;
}

const methods = () => slack.calls.map(({ method, path }) => (path.startsWith("/upload") ? "bytes" : method));
const problems = async (channelId: string) => {
  const [delivery] = await deliveriesOf(world, channelId);
  const attempts = await world.db
    .selectFrom("delivery_attempt")
    .select("problem")
    .where("delivery_id", "=", delivery?.id ?? "")
    .orderBy("attempt")
    .execute();
  return attempts.map(({ problem }) => problem);
};
const channelOf = (id: string) =>
  world.db.selectFrom("alert_channel").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

/** Answers one method otherwise, so many times. */
function instead(method: string, answer: object, times = Number.POSITIVE_INFINITY): void {
  const usual: Respond = slackApi();
  let left = times;
  slack.respond = (call, response) => (call.method === method && left-- > 0 ? answer : usual(call, response));
}

describe("a report in a channel of a Slack bot", () => {
  it.each([true, false])(
    "is a file with its figures; quotes are in it only with the full text on: %s",
    async fullText => {
      const id = await dueReport({ fullText });
      await alerting.send();
      expect(methods()).toEqual(["files.getUploadURLExternal", "bytes", "files.completeUploadExternal"]);
      const [asked, bytes, shown] = slack.calls;
      expect(new URLSearchParams(asked?.raw).get("filename")).toBe("report-2026-11-19.html");
      expect(bytes?.raw).toContain("</html>");
      expect(bytes?.raw.includes("хамят")).toBe(fullText);
      expect(bytes?.headers.authorization).toBeUndefined();
      expect(shown?.body).toMatchObject({
        channel_id: "C024BE91L",
        files: [{ title: "report-2026-11-19.html" }],
      });
      expect(shown?.body.initial_comment).toContain(`*Волна &amp; Ко ${brandCount}*\n19 ноября 2026 г.`);
      expect(shown?.body.initial_comment).not.toContain("/v1/exports/");
      expect(await deliveriesOf(world, id)).toMatchObject([{ state: "delivered", attempt_count: 1 }]);
    },
  );

  it("is seen once, though the sender breaks off before it is shown", async () => {
    instead("files.completeUploadExternal", { status: 500 }, 1);
    const id = await dueReport();
    await alerting.send();
    expect(await deliveriesOf(world, id)).toMatchObject([{ state: "waiting" }]);
    alerting.laterBy(10_000);
    await alerting.send();
    expect(methods().filter(method => method === "bytes")).toHaveLength(2);
    expect(slack.calls.at(-1)?.body.files[0].id).toBe("F00000002");
    expect(await deliveriesOf(world, id)).toMatchObject([{ state: "delivered" }]);
  });

  it.each([
    ["the app may not", "files.getUploadURLExternal", { ok: false, error: "missing_scope" }, "missing_scope"],
    ["the bytes are refused", "F00000001", { status: 413 }, "413"],
    [
      "the bot is not in the channel",
      "files.completeUploadExternal",
      { ok: false, error: "not_in_channel" },
      "not_in_channel",
    ],
  ])("comes as figures and a link where %s, and the channel goes on", async (_why, method, answer, said) => {
    instead(method, answer);
    const id = await dueReport();
    for (let n = 0; n < 2; n++) {
      await alerting.send();
      alerting.laterBy(2_000);
    }
    expect(methods().at(-1)).toBe("chat.postMessage");
    expect(slack.calls.at(-1)?.raw).toContain("/v1/exports/report.html?brandId=");
    expect(await deliveriesOf(world, id)).toMatchObject([{ state: "delivered", attempt_count: 2 }]);
    const [first] = await problems(id);
    expect(first).toContain("files:write");
    expect(first).toContain(said);
    expect((await channelOf(id)).broken_since).toBeNull();
  });

  it("does not go where the guard lets nobody go, whatever address Slack names", async () => {
    const place = { ok: true, file_id: "F1", upload_url: "http://169.254.169.254/upload" };
    instead("files.getUploadURLExternal", place);
    const id = await dueReport();
    for (let n = 0; n < 2; n++) {
      await alerting.send();
      alerting.laterBy(2_000);
    }
    expect(methods()).toEqual(["files.getUploadURLExternal", "chat.postMessage"]);
    expect((await channelOf(id)).broken_since).toBeNull();
  });

  it("waits when Slack asks to wait", async () => {
    instead("files.getUploadURLExternal", { status: 429, headers: { "retry-after": "30" } }, 1);
    const id = await dueReport();
    await alerting.send();
    alerting.laterBy(29_000);
    await alerting.send();
    expect(methods()).toEqual(["files.getUploadURLExternal"]);
    alerting.laterBy(10_000);
    await alerting.send();
    expect(await deliveriesOf(world, id)).toMatchObject([{ state: "delivered" }]);
  });

  it("is figures and a link in a channel that is known by its name alone", async () => {
    await dueReport({ channel: "#reputation" });
    await alerting.send();
    expect(methods()).toEqual(["chat.postMessage"]);
  });
});
