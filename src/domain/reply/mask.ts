import { findNames } from "./names.ts";
import { findPersonal, joined } from "./personal.ts";

/** Hides personal data behind placeholders such as `[PHONE_1]`, the same value behind the same one. */
export interface Mask {
  hide(text: string): string;
  /** Puts the values back in one pass; `unknown` are placeholders that were never given out. */
  show(text: string): { text: string; unknown: string[] };
}

const placeholder = /\[(?:EMAIL|PHONE|CARD|ORDER|ACCOUNT|NAME|TEXT)_\d{1,6}\]/gi;

/** A mask for one conversation; `names` are those of people known to be in it, `keep` words that are no names. */
export function createMask(about: { names: readonly string[]; keep: readonly string[] }): Mask {
  const values = new Map<string, string>();
  const given = new Map<string, string>();

  function standIn(kind: string, value: string): string {
    const known = given.get(value);
    if (known !== undefined) return known;
    const name = `[${kind.toUpperCase()}_${values.size + 1}]`;
    values.set(name, value);
    given.set(value, name);
    return name;
  }

  function hidePlain(text: string): string {
    const spans = joined([...findPersonal(text), ...findNames(text, about)]);
    let result = "";
    let at = 0;
    for (const { kind, start, end } of spans) {
      result += text.slice(at, start) + standIn(kind, text.slice(start, end));
      at = end;
    }
    return result + text.slice(at);
  }

  return {
    // What looks like a placeholder already would be taken for one of ours on the way back.
    hide: text => {
      const foreign = [...text.matchAll(placeholder)];
      const between = text.split(placeholder).map(hidePlain);
      return between
        .flatMap((part, index) =>
          index === 0 ? [part] : [standIn("text", foreign[index - 1]?.[0] ?? ""), part],
        )
        .join("");
    },
    show: text => {
      const unknown: string[] = [];
      const shown = text.replace(placeholder, found => {
        const value = values.get(found.toUpperCase());
        if (value === undefined) unknown.push(found);
        return value ?? found;
      });
      return { text: shown, unknown };
    },
  };
}
