import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { createNet } from "#net/client.ts";
import { startSite } from "./listener.ts";

const pace = { startMs: 0, minMs: 0, maxMs: 0, maxWaitMs: 500 };

/** Names end in .invalid, which no resolver of the system answers: only the given one can. */
function clientResolving(answers: string[][]): { net: ReturnType<typeof createNet>; asked: string[] } {
  const asked: string[] = [];
  const resolve = async (host: string): Promise<string[]> => {
    asked.push(host);
    return answers.shift() ?? [];
  };
  const net = createNet({
    allow: ["127.0.0.1"],
    userAgent: "Molva/0",
    contact: "https://molva.test/",
    paceOf: () => pace,
    resolve,
  });
  return { net, asked };
}

it("the socket goes to the very address that was checked, and the name is resolved once", async () => {
  const site = await startSite((request, response) => response.end(request.headers.host));
  const { net, asked } = clientResolving([["127.0.0.1"], ["10.0.0.1"]]);
  const reply = await net.fetch({ url: `http://forum.invalid:${site.port}/` });
  expect(new TextDecoder().decode(reply.body)).toBe(`forum.invalid:${site.port}`);
  expect(asked).toEqual(["forum.invalid"]);
  await net.close();
  await site.stop();
});

it("one address that may not be asked among several is enough to refuse", async () => {
  const site = await startSite((_request, response) => response.end());
  const { net } = clientResolving([["127.0.0.1", "10.0.0.1"]]);
  await expect(net.fetch({ url: `http://forum.invalid:${site.port}/` })).rejects.toMatchObject({
    code: "egress-refused",
  });
  await net.close();
  await site.stop();
});

it("a name without addresses is named in the error", async () => {
  const { net } = clientResolving([[]]);
  await expect(net.fetch({ url: "http://forum.invalid/" })).rejects.toThrow("forum.invalid has no address");
  await net.close();
});

it("TLS asks for the name, not for the address it was sent to", async () => {
  const heard: Buffer[] = [];
  const server = createServer(socket => {
    socket.on("error", () => undefined);
    socket.once("data", hello => {
      heard.push(hello);
      socket.destroy();
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { net } = clientResolving([["127.0.0.1"]]);
  const url = `https://forum.invalid:${(server.address() as AddressInfo).port}/`;
  await expect(net.fetch({ url })).rejects.toMatchObject({ code: "transport-unreachable" });
  expect(Buffer.concat(heard).includes("forum.invalid")).toBe(true);
  await net.close();
  server.close();
});
