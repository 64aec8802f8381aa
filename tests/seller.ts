import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** Tokens that begin like this are good; what follows tells accounts apart. */
export const sellerToken = "eyJhbGciOiJFUzI1NiJ9.test.signature";

/** A text in the seller's account, with what buyers see under it. */
export interface SellerText {
  id: string;
  kind: "review" | "question";
  text: string;
  createdAt: Date;
  answer: { text: string; state: "reviewRequired" | "wbRu" | "rejected"; editable: boolean } | null;
  /** What the moderators make of an answer. */
  verdict: "wbRu" | "rejected";
  /** Answers that were taken, in order; a second one would stand there beside the first. */
  taken: string[];
  removed: boolean;
}

/** What goes wrong with one request: before it is read, or after it was carried out. */
export type Trouble =
  | { at: "before"; status: number; headers?: Record<string, string> }
  | { at: "before" | "after"; status: "cut" }
  | { at: "after"; status: number };

/** A server that behaves as the documentation of the seller API says, with moderation and with troubles to order. */
export interface Seller {
  url: string;
  texts: Map<string, SellerText>;
  requests: { method: string; path: string; id: string | null; atMs: number }[];
  add(id: string, changes?: Partial<SellerText>): SellerText;
  stop(): Promise<void>;
}

export interface SellerOptions {
  /** The time that the texts carry. */
  now: () => Date;
  /** From taking an answer to its publication or refusal, in ms of ours; null: by `moderate` alone. */
  moderationMs: () => number | null;
  delayMs?: () => number;
  trouble?: (request: { method: string; path: string; id: string | null }) => Trouble | null;
}

interface Asked {
  method: string;
  url: URL;
  body: { id?: string; text?: string; answer?: { text?: string }; state?: string };
}

interface Said {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const troubled = (wrong: Trouble): Said | null =>
  wrong.status === "cut"
    ? null
    : {
        status: wrong.status,
        body: { title: "trouble", detail: "trouble" },
        ...("headers" in wrong && wrong.headers ? { headers: wrong.headers } : {}),
      };

const failure = (errorText: string) => ({
  data: null,
  error: true,
  errorText,
  additionalErrors: null,
  requestId: "1",
});
const success = (data: unknown) => ({ data, error: false, errorText: "", additionalErrors: null });

/** The moderators have looked. */
export function moderate(one: SellerText): void {
  if (one.answer?.state === "reviewRequired") one.answer.state = one.verdict;
}

function recordOf(one: SellerText) {
  const { id, kind, text, createdAt, answer } = one;
  const common = {
    id,
    text,
    createdDate: createdAt.toISOString(),
    productDetails: { nmId: 987654321, imtId: 123456789, productName: "Чайник" },
  };
  if (kind === "review")
    return { ...common, productValuation: 1, userName: "Анна", answer, state: answer ? "wbRu" : "none" };
  const shown = answer && {
    text: answer.text,
    editable: answer.editable,
    createDate: createdAt.toISOString(),
  };
  return {
    ...common,
    answer: shown,
    state: answer === null || answer.state === "reviewRequired" ? "suppliersPortalSynch" : "wbRu",
  };
}

/** A first answer, or one in place of a refused one, is taken; a standing one only by an edit, once. */
function take(one: SellerText, text: string, isEdit: boolean, moderationMs: number | null): void {
  if (isEdit && one.answer !== null) {
    if (!one.answer.editable) return;
    one.answer = { text, state: "reviewRequired", editable: false };
  } else {
    one.taken.push(text);
    one.answer = { text, state: "reviewRequired", editable: true };
  }
  if (moderationMs !== null) setTimeout(() => moderate(one), moderationMs).unref();
}

export async function startSeller(options: SellerOptions): Promise<Seller> {
  const { now, moderationMs, delayMs = () => 0, trouble = () => null } = options;
  const texts: Seller["texts"] = new Map();
  const requests: Seller["requests"] = [];

  const one = (id: string | null | undefined, kind: SellerText["kind"]) => {
    const found = texts.get(id ?? "");
    return found?.kind === kind && !found.removed ? found : undefined;
  };
  const list = (url: URL, kind: SellerText["kind"]) => {
    const isAnswered = url.searchParams.get("isAnswered");
    const shown = [...texts.values()].filter(
      each => each.kind === kind && !each.removed && (isAnswered === "true") === (each.answer !== null),
    );
    const part = shown.slice(Number(url.searchParams.get("skip"))).map(recordOf);
    return success({
      countUnanswered: 0,
      countArchive: 0,
      [kind === "review" ? "feedbacks" : "questions"]: part,
    });
  };
  /** By method and path; the id of an answer to a review is not looked at. */
  const routes: Record<string, (asked: Asked) => [status: number, body: unknown]> = {
    "GET /api/v1/feedbacks": ({ url }) => [200, list(url, "review")],
    "GET /api/v1/feedbacks/archive": () => [200, success({ feedbacks: [] })],
    "GET /api/v1/questions": ({ url }) => [200, list(url, "question")],
    "GET /api/v1/feedback": ({ url }) => {
      const found = one(url.searchParams.get("id"), "review");
      return found ? [200, success(recordOf(found))] : [422, failure("Невозможно получить отзыв по id")];
    },
    "GET /api/v1/question": ({ url }) => {
      const found = one(url.searchParams.get("id"), "question");
      return found ? [200, success(recordOf(found))] : [422, failure("Невозможно получить вопрос по id")];
    },
    "POST /api/v1/feedbacks/answer": ({ body }) => {
      const found = one(body.id, "review");
      if (found) take(found, body.text ?? "", false, moderationMs());
      return [204, null];
    },
    "PATCH /api/v1/feedbacks/answer": ({ body }) => {
      const found = one(body.id, "review");
      if (found?.answer) take(found, body.text ?? "", true, moderationMs());
      return [204, null];
    },
    "PATCH /api/v1/questions": ({ body }) => {
      const found = one(body.id, "question");
      if (!found) return [404, failure("Не найден отзыв")];
      if (found.answer?.editable === false) return [422, failure("Не удалось отредактировать вопрос")];
      take(found, body.answer?.text ?? "", found.answer !== null, moderationMs());
      return [200, success(null)];
    },
  };

  /** What the account itself answers, whatever is asked. */
  const refusal = ({ headers }: IncomingMessage, raw: string): Said | null => {
    if (!headers.authorization?.startsWith(sellerToken))
      return { status: 401, body: { title: "unauthorized", detail: "token problem" } };
    if (raw !== "" && headers["content-type"] !== "application/json")
      return { status: 400, body: { title: "bad request", detail: "content-type header not specified" } };
    return null;
  };

  /** Null: the line is cut. */
  async function said(request: IncomingMessage): Promise<Said | null> {
    const url = new URL(request.url ?? "", "http://seller");
    const method = request.method ?? "";
    const raw = await readAll(request);
    const body = raw === "" ? {} : (JSON.parse(raw) as Asked["body"]);
    const asked = { method, path: url.pathname, id: body.id ?? url.searchParams.get("id") };
    requests.push({ ...asked, atMs: performance.now() });
    await sleep(delayMs());
    const wrong = trouble(asked);
    if (wrong?.at === "before") return troubled(wrong);
    const refused = refusal(request, raw);
    if (refused) return refused;
    const [status, value] = routes[`${method} ${url.pathname}`]?.({ method, url, body }) ?? [404, null];
    return wrong === null ? { status, body: value } : troubled(wrong);
  }

  const server = createServer(async (request, response) => {
    // Who dies in the middle of a request has sent nothing.
    const answer = await said(request).catch(() => null);
    if (answer === null) return void request.socket.destroy();
    const { status, body, headers = {} } = answer;
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(body === null ? "" : JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    texts,
    requests,
    add: (id, changes = {}) => {
      const text: SellerText = {
        id,
        kind: "review",
        text: `Ужасный чайник, обманули и нахамили. Случай ${id}.`,
        createdAt: now(),
        answer: null,
        verdict: "wbRu",
        taken: [],
        removed: false,
        ...changes,
      };
      texts.set(id, text);
      return text;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
