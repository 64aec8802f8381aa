/** What the caller of a failed step does next: nothing, try with the usual back-off, or wait that long first. */
export type Retry = "never" | "backoff" | { afterMs: number };

/** How a collecting run that met this error is named. */
export type FailedOutcome = "blocked" | "layout-changed" | "failed";

/**
 * An error whose text may be shown to people: what was given, what is expected, what to do next.
 * The internal reason travels in `cause` and reaches the log only.
 */
export class MolvaError extends Error {
  readonly code: string;
  readonly retry: Retry;
  readonly outcome: FailedOutcome;

  constructor(
    code: string,
    message: string,
    options: { retry?: Retry; outcome?: FailedOutcome; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retry = options.retry ?? "backoff";
    this.outcome = options.outcome ?? "failed";
  }
}

/** The site answered, but refused us: a captcha, a ban page, a login wall, 401/403, robots.txt. */
export class BlockedError extends MolvaError {
  constructor(message: string, options: { retry?: Retry; cause?: unknown } = {}) {
    super("blocked", message, { outcome: "blocked", ...options });
  }
}

/** The page is not built as the source kind knows it; it never means "nothing new". */
export class SourceChangedError extends MolvaError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("layout-changed", message, { outcome: "layout-changed", retry: "backoff", ...options });
  }
}

/** A quota or rate limit is used up; `afterMs` is when asking again makes sense. */
export class QuotaError extends MolvaError {
  constructor(message: string, afterMs: number, options: { cause?: unknown } = {}) {
    super("quota", message, { outcome: "blocked", retry: { afterMs }, ...options });
  }
}

/** Input passed a limit on size, depth, count or time and was not read further. */
export class TooMuchError extends MolvaError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("too-much", message, { retry: "never", ...options });
  }
}

/** One wrong field in words: what it is, what is expected, and what to write when that can be guessed. */
export interface Complaint {
  path: string;
  message: string;
}

/** What a person or a file gave does not fit; `complaints` name the fields, `path` the first of them. */
export class InputError extends MolvaError {
  readonly path: string | null;
  readonly complaints: readonly Complaint[];

  constructor(message: string, at: string | null | readonly Complaint[] = null) {
    super("invalid-input", message, { retry: "never" });
    this.complaints = typeof at === "string" ? [{ path: at, message }] : (at ?? []);
    this.path = this.complaints[0]?.path ?? null;
  }
}

/** The caller may not do this, though others may: no other input would help. */
export class ForbiddenError extends MolvaError {
  constructor(message: string) {
    super("forbidden", message, { retry: "never" });
  }
}
