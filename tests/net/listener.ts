import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createRawServer, type Socket } from "node:net";

/** Counts every connection and byte that reaches it on 127.0.0.1 and, where there is one, ::1. */
export async function startListener(): Promise<{
  port: number;
  seen: { connections: number; bytes: number };
  stop: () => Promise<void>;
}> {
  const seen = { connections: 0, bytes: 0 };
  const count = (socket: Socket): void => {
    seen.connections += 1;
    socket.on("data", chunk => {
      seen.bytes += chunk.length;
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
    socket.on("error", () => undefined);
  };
  const onIpv4 = createRawServer(count);
  await listen(onIpv4, 0, "127.0.0.1");
  const { port } = onIpv4.address() as AddressInfo;
  const onIpv6 = createRawServer(count);
  const hasIpv6 = await listen(onIpv6, port, "::1").then(
    () => true,
    () => false,
  );
  return {
    port,
    seen,
    stop: async () => {
      await close(onIpv4);
      if (hasIpv6) await close(onIpv6);
    },
  };
}

/** A site on 127.0.0.1 whose pages are functions. */
export async function startSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; port: number; stop: () => Promise<void> }> {
  const server = createServer(answer);
  await listen(server, 0, "127.0.0.1");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    stop: async () => {
      server.closeAllConnections();
      await close(server);
    },
  };
}

function listen(
  server: ReturnType<typeof createRawServer> | Server,
  port: number,
  host: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function close(server: ReturnType<typeof createRawServer> | Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
  });
}
