import { isDeepStrictEqual } from "node:util";
import { InputError, MolvaError } from "#domain/errors.ts";

/** One field that is to become something else; secrets are never shown. */
export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** What was done to one thing, or would be. */
export interface Applied {
  object: "brand" | "source" | "alert-channel" | "alert-rule";
  name: string;
  action: "create" | "update" | "keep";
  fields: FieldChange[];
  /** Secrets made for a new channel, shown this once. */
  issued?: Record<string, string>;
}

export const hidden = "***";

/** Fields of `wanted` that are set and differ from what there is; order within objects does not matter. */
export function differences(
  before: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  secret: readonly string[] = [],
): FieldChange[] {
  return Object.entries(wanted).flatMap(([field, after]) => {
    if (after === undefined || isDeepStrictEqual(plain(before[field]), plain(after))) return [];
    return [
      secret.includes(field)
        ? { field, before: hidden, after: hidden }
        : { field, before: before[field], after },
    ];
  });
}

/** As JSON would tell it: absent and undefined are one. */
const plain = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

/** The wanted fields that differ. */
export const changed = <T extends object>(wanted: T, fields: readonly FieldChange[]): Partial<T> => {
  const names = new Set(fields.map(({ field }) => field));
  return Object.fromEntries(Object.entries(wanted).filter(([field]) => names.has(field))) as Partial<T>;
};

/** Says which thing of the file an error is about. */
export async function about<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${what}: ${error.message}`, error.path);
    if (error instanceof MolvaError)
      throw new MolvaError(error.code, `${what}: ${error.message}`, { retry: error.retry, cause: error });
    throw error;
  }
}

/** Ids by name, of what is there and of what is being made. */
export class Names {
  readonly #ids = new Map<string, string>();
  readonly #what: string;

  constructor(what: string, known: Iterable<readonly [string, string]>) {
    this.#what = what;
    for (const [name, id] of known) this.#ids.set(name, id);
  }

  add(name: string, id: string): void {
    this.#ids.set(name, id);
  }

  find(name: string): string | undefined {
    return this.#ids.get(name);
  }

  /** An unknown name is an InputError. */
  get(name: string): string {
    const id = this.#ids.get(name);
    if (id === undefined)
      throw new InputError(`there is no ${this.#what} "${name}"; add it to the file, or name one of Molva's`);
    return id;
  }
}
