import { BlockedError, InputError, MolvaError, QuotaError } from "#domain/errors.ts";

/** Nothing was found: an honest answer, so the brand's position is "absent". */
export const nothingFound = 15;

const secondMs = 1000;
const hourMs = 3_600_000;

const refusedQueries: ReadonlyMap<number, string> = new Map([
  [1, "its syntax is wrong"],
  [2, "it is empty"],
  [18, "its parameters are wrong or lie beyond the last result"],
  [19, "its parameters exclude each other"],
  [37, "its parameters are wrong"],
  [48, "the search type is wrong"],
  [10002, "it has too many words"],
]);

const refusedAccess: ReadonlyMap<number, string> = new Map([
  [31, "the user is not registered"],
  [33, "the IP address is not allowed for this user"],
  [42, "the key is wrong or lacks the role search-api.webSearch.user"],
  [44, "the address of the service is no longer in use"],
  [100, "the requests look like a robot's"],
]);

/** The `error` element of a reply as an error that says whether and when to ask again; codes as in Yandex's docs. */
export function searchRefusal(code: number, text: string): MolvaError {
  const what = `Yandex Search answered with error ${code}`;
  const said = text === "" ? "" : ` "${text.slice(0, 300)}"`;
  const query = refusedQueries.get(code);
  if (query !== undefined)
    return new InputError(
      `${what}${said}: the query is refused, ${query}. Correct it in the source's settings.`,
      "queries",
    );
  const access = refusedAccess.get(code);
  if (access !== undefined)
    return new BlockedError(`${what}${said}: ${access}. Check the source's credentials.`);
  if (code === 32) return new QuotaError(`${what}${said}: the quota is used up.`, hourMs);
  if (code === 55) return new QuotaError(`${what}${said}: too many requests a second.`, 2 * secondMs);
  return new MolvaError("source-unavailable", `${what}${said}.`);
}
