import type { Tables } from "#tone/vocabulary.ts";
import { aspectWords } from "./aspects.ts";
import { englishComplaints } from "./en-complaints.ts";
import { englishPhrases } from "./en-phrases.ts";
import { englishPraise } from "./en-praise.ts";
import { intentWords } from "./intents.ts";
import { roleWords } from "./roles.ts";
import { russianComplaints } from "./ru-complaints.ts";
import { russianPhrases } from "./ru-phrases.ts";
import { russianPraise } from "./ru-praise.ts";
import { russianSlang } from "./ru-slang.ts";

/** Our own vocabulary of tone, written for this project. */
export const lexicon: Tables = {
  weighted: [
    russianComplaints,
    russianPraise,
    russianPhrases,
    russianSlang,
    englishComplaints,
    englishPraise,
    englishPhrases,
  ],
  roles: roleWords,
  aspects: aspectWords,
  intents: intentWords,
};
