import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** One message that came in whole. */
export interface Arrival {
  webhookId: string;
  alertIds: string[];
  atMs: number;
  headers: Record<string, string>;
  body: string;
}

/** A receiver of webhooks that takes everything and notes what came when. */
export interface Receiver {
  url: string;
  arrivals: Arrival[];
  stop(): Promise<void>;
}

/** Answers after `delayMs()`, so that a sender can die between sending and hearing. */
export async function startReceiver(delayMs: () => number): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { data } = JSON.parse(body) as { data: { alerts: { id: string }[] } };
    const headers = request.headers as Record<string, string>;
    arrivals.push({
      webhookId: String(headers["webhook-id"]),
      alertIds: data.alerts.map(alert => alert.id),
      atMs: performance.now(),
      headers,
      body,
    });
    await sleep(delayMs());
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    arrivals,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
