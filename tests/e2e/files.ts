import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a recorded site answers: a body, or null for 404. `asked` is the path with its query. */
export type Serve = (asked: string) => string | Buffer | null;

export interface FileSite {
  url: string;
  stop(): Promise<void>;
}

/** Serves recorded replies on loopback, whatever the method. */
export async function startFileSite(serve: Serve): Promise<FileSite> {
  const server = createServer((request, response) => {
    const body = serve(request.url ?? "/");
    if (body === null) response.writeHead(404).end();
    else response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
