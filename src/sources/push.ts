import { z } from "zod";
import { defineSource } from "./define.ts";

const settings = z.strictObject({
  match: z
    .enum(["query", "all"])
    .default("query")
    .describe("Which pushed texts become mentions: those that the brand's query matches, or all of them"),
});

/** Texts that other programs send: `POST /v1/mentions` and file import. Nothing is fetched. */
export const push = defineSource({
  id: "push",
  title: { en: "Push and file import", ru: "Приём через API и импорт файлов" },
  homepage: "https://www.openapis.org/",
  family: "push",
  via: "push",
  yields: ["review", "question", "post", "comment", "news"],
  hosts: () => [],
  site: () => "source",
  every: "1d",
  staleAfter: "30d",
  enabledByDefault: true,
  obeysRobots: false,
  settings,
  example: { settings: { match: "query" } },
  limits: ["1,000 texts and 5 MiB per request"],
});
