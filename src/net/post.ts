import { exchange, type Line } from "./exchange.ts";
import { forever, lowerCased, readUrl } from "./request.ts";
import { retryAfterMs } from "./retry-after.ts";

/** One attempt to tell a channel; nothing is followed, paced or retried. */
export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
  signal?: AbortSignal;
  timeoutMs?: number;
}

export interface PostReply {
  status: number;
  headers: Record<string, string>;
  /** At most 64 KiB of the answer. */
  body: string;
  retryAfterMs: number | null;
}

const maxAnswerBytes = 64 * 1024;

/** Posting for channels: guarded like everything else, but no redirects, no robots.txt, no pacing. */
export function createPost(line: Line): (request: PostRequest) => Promise<PostReply> {
  return async ({ url, headers, body, signal = forever, timeoutMs = line.limits.timeoutMs }) => {
    const answer = await exchange(
      {
        url: readUrl(url),
        method: "POST",
        headers: { "user-agent": line.userAgent, ...lowerCased(headers) },
        body,
      },
      // Who answered has the message, however long they go on talking: sending again would make it come twice.
      { timeoutMs, maxBodyBytes: maxAnswerBytes, larger: "cut", signal, statusSuffices: true },
      line,
    );
    return {
      status: answer.status,
      headers: answer.headers,
      body: new TextDecoder().decode(answer.body),
      retryAfterMs: retryAfterMs(answer.headers, line.now()),
    };
  };
}
