import pg from "pg";
import { startEmbedded } from "#boot/embedded/postgres.ts";

/** Keeps a server until Ctrl-C, and proves that it still answers then. */
const server = await startEmbedded({ dataDir: process.argv[2] ?? "", log: () => {} });
process.once("SIGINT", async () => {
  const client = new pg.Client(server.appUrl);
  await client.connect();
  await client.query("select 1");
  await client.end();
  await server.stop();
  console.log("stopped after its work");
});
const stay = setInterval(() => {}, 1000);
process.once("beforeExit", () => clearInterval(stay));
process.once("SIGINT", () => clearInterval(stay));
console.log(`ready ${server.pid}`);
