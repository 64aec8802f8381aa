const unsafe = /[^A-Za-z0-9_.-]/gu;

/**
 * A key that BullMQ takes on every backend: no `:` (its separator in Redis), never digits only (its own ids).
 * Different parts give different keys: what is not plain is written as `~` and its code point.
 */
export const dedupeKey = (name: string, subject: string): string => `${plain(name)}=${plain(subject)}`;

const plain = (text: string): string =>
  text.replace(unsafe, char => `~${char.codePointAt(0)?.toString(16)};`);
