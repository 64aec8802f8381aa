/** What each problem type of the API means, with its statuses; the reference page is made from it. */
export const problemWords: Readonly<Record<string, readonly [statuses: string, what: string]>> = {
  "invalid-request": ["400, 422", "A field is wrong, missing or unknown; `errors` names each by its path."],
  "query-syntax": [
    "422",
    "A brand's query has a mistake; `detail` names the column and what is expected there.",
  ],
  unauthorized: [
    "401",
    "There is no key, or it is unknown, expired or revoked. Send `Authorization: Bearer <key>`.",
  ],
  forbidden: ["403", "The key's role or brands do not allow this. Use another key."],
  "not-found": ["404", "There is no such thing that this key may see, or no such address."],
  "method-not-allowed": ["405", "The address exists, but not with this method; `Allow` lists those that do."],
  conflict: [
    "409",
    "The step is impossible now; `current` says in which state the case is and who holds it.",
  ],
  gone: [
    "410",
    "The stream is kept for 7 days and the id is older: read `GET /v1/mentions?sinceSeq=` instead.",
  ],
  "stale-version": [
    "412",
    "Somebody changed the case since you read it. Read it again and repeat with the new version.",
  ],
  "too-large": ["413", "The body is over 5 MiB. Send it in parts."],
  "unsupported-media-type": ["415", "The body must be `application/json`."],
  "idempotency-mismatch": [
    "422",
    "This `Idempotency-Key` came with another request within 24 h. Use a new key.",
  ],
  "precondition-required": [
    "428",
    'This step needs `If-Match: "<version>"`, so that nobody\'s work is overwritten.',
  ],
  "too-many-requests": ["429", "Over the limit of the key; `Retry-After` says how many seconds to wait."],
  internal: [
    "500",
    "Something broke inside Molva; its log has the cause under the request id in `instance`.",
  ],
  unavailable: [
    "503",
    "The database, the queue or a site does not answer now, or not in time; `Retry-After` says when to ask again, `detail` whether to ask for less.",
  ],
};

/** What each error code means, which runs, jobs and the command line name; the reference page is made from it. */
export const codeWords: Readonly<Record<string, string>> = {
  blocked: "The site answered but refused: a captcha, a ban, a login wall, 401 or 403, or robots.txt.",
  "layout-changed": 'The page is not built as the source kind knows it; nothing is taken for "nothing new".',
  quota: "A rate limit of the site is used up; the source is asked again when the site says.",
  "source-gone": "The page or account no longer exists. Mend the source's settings or archive it.",
  "source-unavailable": "The site has a fault of its own; it is asked again later, less and less often.",
  "not-ready": "The site is still preparing the answer; it is asked again a little later.",
  "no-credentials": "The kind needs credentials and the source has none.",
  "unknown-secret-key":
    "Credentials were sealed with a key that is not set; add it to `MOLVA_SECRET_KEYS_OLD`.",
  "egress-refused": "The address is private or special, and `MOLVA_EGRESS_ALLOW` does not list it.",
  "transport-timeout": "The host did not answer in full in time.",
  "transport-unreachable": "The host could not be reached, or cut the connection.",
  "transport-broken-reply": "The host answered something that is not HTTP, or not in a known coding.",
  "transport-redirects": "The host redirects in a circle, too often, or to something that is no address.",
  "too-much": "A reply passed a limit on size, depth, number or time, and was not read further.",
  "invalid-input": "What was given does not fit; the text names what, and what is expected.",
  "case-conflict": "The step is impossible in the case's present state.",
  forbidden: "This person or key may not do that, though others may.",
  "reply-problems": "The answer may not be sent as it is; each problem names its words and their place.",
  "drafting-model": "The drafting model cannot be asked, or answered something else than a draft.",
  "stale-version": "The case has changed since it was read.",
  superseded: "Another attempt of the same run has taken over; it goes on there.",
  "no-browser": "There is no Chromium on this machine, so no PDF; install it or set `MOLVA_BROWSER_PATH`.",
  "browser-ended": "The browser could not print the document; the text says why.",
  "thread-ended": "The thread that read a reply has ended; the reply is read again.",
  stopping: "The program is stopping; the work is taken up again after the start.",
  "queue-unavailable": "The queue's server does not answer.",
  "queue-unusable": "The queue's server cannot be used as it is set up; the text says why.",
  "not-migrated": "The database lacks migrations: run `molva migrate`.",
  "tone-model": "The file of the tone model is missing, damaged or of another version; the text says which.",
  internal: "Something broke inside Molva; the log has the cause.",
};
