import { z } from "zod";
import type { Quota } from "#sources/define.ts";

const tokenTypes = ["personal", "service", "basic-with-secret", "basic"] as const;
type TokenType = (typeof tokenTypes)[number];

const hosts = {
  production: "https://feedbacks-api.wildberries.ru",
  sandbox: "https://feedbacks-api-sandbox.wildberries.ru",
} as const;

export const settingsSchema = z.strictObject({
  token: z
    .enum(tokenTypes)
    .default("personal")
    .describe("Type of the token in the seller's cabinet; it decides how often Wildberries lets us ask"),
  environment: z.enum(["production", "sandbox"]).default("production"),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Another address of the same API, e.g. a proxy of your own"),
  questions: z.boolean().default(false).describe("Also collect buyers' questions"),
  pageSize: z.int().min(1).max(5000).optional().describe("Texts per request"),
});
export type Settings = z.output<typeof settingsSchema>;

/** Where the API is asked, without a slash at the end. */
export const apiUrl = (settings: Settings): string =>
  (settings.baseUrl ?? hosts[settings.environment]).replace(/\/+$/, "");

/** Texts per request; a basic token may ask so seldom that its pages are large. */
export const pageSizeOf = (settings: Settings): number =>
  settings.pageSize ?? (settings.token === "basic" ? 3000 : 1000);

const quick: Quota = { intervalMs: 334, burst: 6, per: "credentials" };

/** From the documentation of the category «Вопросы и отзывы»; counted per seller, over all methods together. */
export const quotas: { readonly [type in TokenType]: Quota } = {
  personal: quick,
  service: quick,
  "basic-with-secret": quick,
  basic: { intervalMs: 12 * 60_000, burst: 1, per: "credentials" },
};
