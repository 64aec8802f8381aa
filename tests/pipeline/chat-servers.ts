import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One call of a platform's API. */
interface Call {
  method: string;
  /** Path with the token of a bot, as it was asked. */
  path: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  body: any;
  raw: string;
  atMs: number;
}

/** An answer: JSON with 200 unless it says otherwise; null leaves the answer to the function. */
export type Respond = (call: Call, response: ServerResponse) => object | null | Promise<object | null>;

/** A platform on this machine that notes what it is asked. */
export interface Platform {
  url: string;
  calls: Call[];
  respond: Respond;
  close(): Promise<void>;
}

/** Starts a platform that answers by `respond`, which tests may replace. */
export async function startPlatform(respond: Respond): Promise<Platform> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const raw = await text(request);
    const path = request.url ?? "";
    const call = {
      method: path.split("/").at(-1) ?? "",
      path,
      headers: request.headers,
      raw,
      atMs: performance.now(),
    };
    const whole = {
      ...call,
      body: /json/.test(String(request.headers["content-type"])) ? JSON.parse(raw) : raw,
    };
    calls.push(whole);
    const answer = await platform.respond(whole, response);
    if (answer === null) return;
    const {
      status = 200,
      headers = {},
      ...body
    } = answer as { status?: number; headers?: Record<string, string> };
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const platform: Platform = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    respond,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return platform;
}

/**
 * Slack's Web API as documented: 200 for everything, a message is known by channel and `ts`, a thread must be there.
 * A file is asked for by a form, its bytes go to an address of its own, and it is seen once it is completed.
 */
export function slackApi(): Respond {
  const posted = new Set<string>();
  const files = new Map<string, { due: number; came: number }>();
  const refused = (error: string) => ({ ok: false, error });
  const methods: Record<string, (call: Call) => object> = {
    "chat.postMessage": ({ body }) => {
      if (body.thread_ts !== undefined && !posted.has(body.thread_ts)) return refused("thread_not_found");
      const ts = `1700000000.${String(posted.size + 1).padStart(6, "0")}`;
      posted.add(ts);
      return { ok: true, channel: "C024BE91L", ts };
    },
    "chat.update": ({ body: { channel, ts } }) =>
      posted.has(ts) && channel === "C024BE91L" ? { ok: true, channel, ts } : refused("message_not_found"),
    "files.getUploadURLExternal": ({ headers, raw }) => {
      const id = `F${String(files.size + 1).padStart(8, "0")}`;
      files.set(id, { due: Number(new URLSearchParams(raw).get("length")), came: 0 });
      return { ok: true, upload_url: `http://${headers.host}/upload/v1/${id}`, file_id: id };
    },
    "files.completeUploadExternal": ({ body: { files: shown, channel_id } }) => {
      const file = files.get(shown[0].id);
      if (file === undefined || file.came !== file.due) return refused("file_not_found");
      return /^C/.test(channel_id) ? { ok: true, files: shown } : refused("channel_not_found");
    },
  };
  return call => {
    const file = files.get(call.method);
    if (file) {
      file.came = Buffer.byteLength(call.raw);
      return {};
    }
    if (!/^Bearer xoxb-/.test(call.headers.authorization ?? "")) return refused("not_authed");
    return methods[call.method]?.(call) ?? { ok: true };
  };
}

/** A pressed button as Telegram tells it. */
export const pressUpdate = (updateId: number, press: { from: number; chat: number; data: string }) => ({
  update_id: updateId,
  callback_query: {
    id: `q${updateId}`,
    from: { id: press.from, is_bot: false, first_name: "Вера", language_code: "ru" },
    message: { message_id: 1, date: 0, chat: { id: press.chat, type: "supergroup" } },
    chat_instance: "1",
    data: press.data,
  },
});

/** Telegram's getUpdates as documented: one listener per bot, an older question ends with 409, an offset forgets what is before. */
export class BotUpdates {
  waiting: { update_id: number }[] = [];
  asked = 0;
  mostAtOnce = 0;
  #asking: (() => void) | null = null;
  #atOnce = 0;
  holdMs = 50;

  async answer(body: { offset: number }): Promise<object> {
    this.asked++;
    this.#asking?.();
    this.waiting = this.waiting.filter(update => update.update_id >= body.offset);
    if (this.waiting.length > 0) return { ok: true, result: this.waiting };
    const { promise, resolve } = Promise.withResolvers<"conflict" | "time">();
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    this.#asking = () => resolve("conflict");
    const timer = setTimeout(() => resolve("time"), this.holdMs);
    const end = await promise;
    clearTimeout(timer);
    this.#atOnce--;
    if (end === "time") {
      this.#asking = null;
      return { ok: true, result: this.waiting };
    }
    const description =
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    return { status: 409, ok: false, error_code: 409, description };
  }
}
