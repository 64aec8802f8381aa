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

/** Slack's Web API as documented: 200 for everything, a message is known by channel and `ts`, a thread must be there. */
export function slackApi(): Respond {
  const posted = new Set<string>();
  return ({ method, headers, body }) => {
    if (!/^Bearer xoxb-/.test(headers.authorization ?? "")) return { ok: false, error: "not_authed" };
    if (method === "chat.postMessage") {
      if (body.thread_ts !== undefined && !posted.has(body.thread_ts))
        return { ok: false, error: "thread_not_found" };
      const ts = `1700000000.${String(posted.size + 1).padStart(6, "0")}`;
      posted.add(ts);
      return { ok: true, channel: "C024BE91L", ts };
    }
    if (method === "chat.update")
      return posted.has(body.ts) && body.channel === "C024BE91L"
        ? { ok: true, channel: body.channel, ts: body.ts }
        : { ok: false, error: "message_not_found" };
    return { ok: true };
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
