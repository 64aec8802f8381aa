import { describe, expect, it } from "vitest";
import { createLog } from "#boot/log.ts";

/** One of each kind of secret that passes through the program, in the shape it really has. */
const canaries = {
  adminKey: "molva_abCD1234_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
  signingSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  slackToken: "xoxb-123456789012-abcdefABCDEF",
  slackUrl: "https://hooks.slack.com/services/T000/B000/CanaryCanary",
  telegramUrl: "https://api.telegram.org/bot123456:AACanary_token-x/sendMessage",
  jwt: "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6ImNhbmFyeSJ9.c2lnbmF0dXJl",
  bearer: "Authorization: Bearer canary-token-value",
  database: "postgres://molva:canary-password@db:5432/molva",
};
const secretParts = [
  "0123456789abcdefghij",
  "MfKQ9r8GKYq",
  "123456789012-abcdef",
  "CanaryCanary",
  "AACanary",
  "eyJpZCI6",
  "canary-token-value",
  "canary-password",
];

describe("the log", () => {
  const write = (act: (log: ReturnType<typeof createLog>) => void): string => {
    const lines: string[] = [];
    act(createLog("debug" as "info", line => lines.push(line)));
    return lines.join("");
  };

  it("lets no secret out, wherever it stands in a line", () => {
    const text = write(log => {
      for (const canary of Object.values(canaries)) {
        log.info({ value: canary, nested: { deep: [canary] } }, `said ${canary}`);
        log.error({ err: new Error(`failed at ${canary}`, { cause: new Error(canary) }) }, "failed");
      }
      log.warn(
        { headers: { authorization: "canary-token-value" }, source: { credentials: { token: "AACanary" } } },
        "headers",
      );
    });
    expect(text).toContain("failed at");
    for (const part of secretParts) expect(text).not.toContain(part);
  });

  it("is one JSON object a line, with the time and the causes of errors", () => {
    const [line] = write(log =>
      log.error({ err: new Error("outer", { cause: new Error("inner") }) }, "broke"),
    ).split("\n");
    const parsed = JSON.parse(line as string);
    expect(parsed).toMatchObject({ msg: "broke", err: { message: "outer" } });
    expect(JSON.stringify(parsed)).toContain("inner");
    expect(parsed.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });
});
