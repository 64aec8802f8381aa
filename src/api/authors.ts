import { z } from "zod";
import { eraseAuthor } from "#pipeline/erase.ts";
import { adminOnly, type Route, writeRoute } from "./define.ts";
import { ProblemError } from "./problem.ts";
import { words } from "./scope.ts";

export const authorRoutes: readonly Route[] = [
  writeRoute({
    method: "DELETE",
    url: "/v1/authors/:sourceKind/:authorId",
    tag: "authors",
    summary:
      "Forget an author: his name, ids, texts and what was noted of them are emptied, counts stay, copies do not come back",
    allow: adminOnly,
    params: z.strictObject({
      sourceKind: words(60),
      authorId: words(500).describe("his id at the source; his name where the source gives no ids"),
    }),
    reply: z.object({ documents: z.int() }),
    status: 200,
    audit: { action: "erase", object: "author" },
    change: async (tx, _deps, { params, caller, now }) => {
      if (caller.brandIds !== null) throw needsAllBrands();
      const documents = await eraseAuthor(tx, params.sourceKind, params.authorId, now);
      if (documents === undefined) throw unknownAuthor();
      return { body: { documents }, objectId: null };
    },
  }),
];

const needsAllBrands = () =>
  new ProblemError(
    403,
    "forbidden",
    "An erasure reaches the texts of all brands; use an admin key that is not limited to some of them",
  );

const unknownAuthor = () =>
  new ProblemError(
    404,
    "not-found",
    "Nothing of such an author is stored; the id is author.id of a mention, or author.name where that is null",
  );
