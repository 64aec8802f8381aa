import { z } from "zod";
import type { ChannelReply, ChannelRequest, ReportFile, Verdict } from "./define.ts";
import { isPage, isSuccess, passing, replyJson, retry } from "./reply.ts";
import { apiVerdict } from "./slack-verdict.ts";

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal: a place for the bytes, and the file's id. */
const placeSchema = z.object({
  ok: z.literal(true),
  upload_url: z.url({ protocol: /^https?$/ }).max(4000),
  file_id: z.string().regex(/^F[A-Z0-9]{1,30}$/),
});

/** Builds one call of the Web API with the bot's token. */
export type SlackCall = (method: string, body: object | URLSearchParams) => ChannelRequest;

/**
 * Brings a file to Slack, where nobody sees it until files.completeUploadExternal; Slack drops what is not completed.
 * Ends with the file's id, or with why it does not go: a refusal of the file is none of the message.
 */
export function* slackUpload(
  { name, bytes }: ReportFile,
  call: SlackCall,
  now: Date,
): Generator<ChannelRequest, string | Verdict, ChannelReply> {
  const length = String(bytes.length);
  const asked = yield call("files.getUploadURLExternal", new URLSearchParams({ filename: name, length }));
  const place = placeSchema.safeParse(replyJson(asked)).data;
  if (place === undefined) return withoutFile(apiVerdict(asked, now, false));
  const headers = { "content-type": "application/octet-stream" };
  const sent = yield { url: place.upload_url, method: "POST", headers, body: "", bytes };
  if (isSuccess(sent.status) && !isPage(sent)) return place.file_id;
  const { status } = sent;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    return { kind: "plain", problem: `${noFile} It answered ${status}.` };
  return passing("Slack", sent, now);
}

const noFile =
  "Slack does not take the report's file, so its figures go without it: give the app the scope files:write, invite the bot into the channel, and see that the workspace lets files in.";

/** What Slack says of a file that it does not show: later, or the message without the file. */
export function withoutFile(verdict: Verdict): Verdict {
  if (verdict.kind === "retry") return verdict;
  if (verdict.kind === "delivered") return retry("Slack named no place for the report's file.");
  const said = "problem" in verdict ? (/ It answered .*$/.exec(verdict.problem)?.[0] ?? "") : "";
  return { kind: "plain", problem: noFile + said };
}
