import { z } from "zod";
import { officialBadgeWords } from "#domain/official.ts";

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

export const settingsSchema = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe("Address of the board's front page, e.g. https://forum.example.org/board/"),
  forums: z
    .array(z.int().positive())
    .min(1)
    .max(200)
    .optional()
    .describe(
      "Numbers of the forums to read, the f= in their addresses; all that guests may read when absent",
    ),
  timezone: z
    .string()
    .refine(isTimeZone, "a time zone of the IANA database, e.g. Europe/Moscow")
    .default("Europe/Moscow")
    .describe("Zone of the dates that the board prints for guests"),
  officialBadges: z
    .array(z.string().trim().min(2).max(100))
    .max(50)
    .default([...officialBadgeWords])
    .describe("Words in a rank that make its bearer speak for the brand"),
  via: z
    .enum(["feed", "html", "both"])
    .default("both")
    .describe(
      "feed: only the latest posts of the Atom feed; html: lists and threads; both: the feed tells which threads to read",
    ),
  maxPages: z
    .int()
    .min(1)
    .max(200)
    .default(3)
    .describe("Pages per forum, and per thread, that the first run reads"),
});
export type Settings = z.output<typeof settingsSchema>;
