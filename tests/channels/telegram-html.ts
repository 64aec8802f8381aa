/** Telegram's HTML as its server reads it, small: text, and where the entities lie in UTF-16 units. */
interface TelegramText {
  text: string;
  entities: { tag: string; offset: number; length: number; href: string | null }[];
}

const tags = new Set(
  "a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote".split(" "),
);
const named: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Reads markup or throws what a 400 "can't parse entities" would say. */
export function readTelegramHtml(markup: string): TelegramText {
  const open: { tag: string; offset: number; href: string | null }[] = [];
  const entities: TelegramText["entities"] = [];
  let text = "";
  let at = 0;
  while (at < markup.length) {
    if (markup[at] !== "<") {
      const [piece, length] = character(markup, at);
      text += piece;
      at += length;
    } else if (markup[at + 1] === "/") {
      const top = open.pop();
      at = endTag(markup, at, top?.tag);
      if (top && text.length > top.offset) entities.push({ ...top, length: text.length - top.offset });
    } else {
      const start = startTag(markup, at);
      open.push({ tag: start.tag, offset: text.length, href: start.href });
      at = start.end;
    }
  }
  if (open.length > 0) throw new Error(`Can't find end tag corresponding to ${open[0]?.tag}`);
  return { text, entities };
}

/** Where the end tag ends; an empty name closes whatever is open. */
function endTag(markup: string, at: number, openTag: string | undefined): number {
  const [whole, name] = /^<\/([^\s>]*)\s*>/.exec(markup.slice(at)) ?? [];
  if (whole === undefined || openTag === undefined) throw new Error(`Unexpected end tag at ${at}`);
  if (name !== "" && name?.toLowerCase() !== openTag) throw new Error(`Unmatched end tag at ${at}`);
  return at + whole.length;
}

/** One character or character reference: what it means and how long it is. */
function character(markup: string, at: number): [text: string, length: number] {
  const reference = /^&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));?/i.exec(markup.slice(at, at + 40));
  if (reference === null) return [markup[at] ?? "", 1];
  const [whole, hex, decimal, name] = reference;
  if (name !== undefined) return name in named ? [named[name] ?? "", whole.length] : ["&", 1];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (code === 0 || code >= 0x10ffff) return ["&", 1];
  if (code >= 0xd800 && code <= 0xdfff) throw new Error("Invalid surrogate pair");
  return [String.fromCodePoint(code), whole.length];
}

function startTag(markup: string, at: number): { tag: string; href: string | null; end: number } {
  const name = /^<([^\s>]*)/.exec(markup.slice(at))?.[1] ?? "";
  const tag = name.toLowerCase();
  let end = at + 1 + name.length;
  let href: string | null = null;
  if (!tags.has(tag)) throw new Error(`Unsupported start tag "${tag}" at ${at}`);
  for (;;) {
    end += /^\s*/.exec(markup.slice(end))?.[0].length ?? 0;
    if (markup[end] === ">") return { tag, href, end: end + 1 };
    const attribute = /^([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)(?=[\s>])))?/.exec(
      markup.slice(end),
    );
    if (attribute === null || markup[end + attribute[0].length] === "=")
      throw new Error(`Bad attribute at ${end}`);
    if (attribute[1] === "href") href = decoded(attribute[2] ?? attribute[3] ?? attribute[4] ?? "");
    end += attribute[0].length;
    if (/^\s*=/.test(markup.slice(end))) throw new Error(`Bad attribute value at ${end}`);
  }
}

function decoded(value: string): string {
  let text = "";
  for (let at = 0; at < value.length; ) {
    const [piece, length] = character(value, at);
    text += piece;
    at += length;
  }
  return text;
}
