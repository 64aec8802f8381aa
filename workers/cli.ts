import { runCli } from "#boot/cli.ts";

await runCli(process.argv);
