import { type CheerioAPI, load } from "cheerio/slim";
import { type Document, parseMarkup } from "./markup.ts";

export type AnyNode = Document | Document["children"][number];

/** Parses HTML for querying, within the limits of `markup.ts`; throws `TooMuchError` for what passes them. */
export function loadHtml(body: string): CheerioAPI {
  return load(parseMarkup(body, false));
}

const unseen = new Set(["script", "style", "template", "noscript", "head", "svg", "iframe", "object"]);

const blocks = new Set(
  (
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form " +
    "h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul"
  ).split(" "),
);

const cells = new Set(["td", "th"]);

/**
 * Text as a reader sees it: one `\n` per `<br>` and between blocks, at most one empty line in a row, other
 * white space collapsed, scripts and styles left out, a smiley image as its `alt`. Takes a node or a selection.
 */
export function textOf(node: AnyNode | ArrayLike<AnyNode>): string {
  const writer = new TextWriter();
  for (const one of "length" in node ? Array.from(node) : [node]) {
    writer.startBlock();
    walk(one, writer, false);
  }
  return writer.text();
}

/** Recursion is safe: depth is limited by `parseMarkup`. */
function walk(node: AnyNode, writer: TextWriter, preformatted: boolean): void {
  if (node.type === "text") {
    if (preformatted) writer.addLines(node.data);
    else writer.add(node.data);
  } else if ("name" in node && "attribs" in node) {
    walkElement(node, writer, preformatted);
  } else if ("children" in node) {
    for (const child of node.children) walk(child, writer, preformatted);
  }
}

type Element = Extract<AnyNode, { attribs: unknown }>;

function walkElement(element: Element, writer: TextWriter, preformatted: boolean): void {
  const name = element.name;
  if (unseen.has(name)) return;
  if (name === "br") writer.breakLine();
  if (name === "img") writer.add(smileyOf(element));
  const isBlock = blocks.has(name);
  if (isBlock) writer.startBlock();
  else if (cells.has(name)) writer.add(" ");
  for (const child of element.children) walk(child, writer, preformatted || name === "pre");
  if (isBlock) writer.startBlock();
}

function smileyOf(image: Element): string {
  const { class: className = "", alt = "" } = image.attribs;
  return /smil|emoji|emoticon/i.test(className) && alt.length <= 16 ? alt : "";
}

class TextWriter {
  readonly #lines: string[] = [];
  #line = "";

  add(data: string): void {
    this.#line += data;
  }

  addLines(data: string): void {
    const [first = "", ...rest] = data.split(/\r\n|\r|\n/);
    this.add(first);
    for (const line of rest) {
      this.breakLine();
      this.add(line);
    }
  }

  breakLine(): void {
    this.#lines.push(collapse(this.#line));
    this.#line = "";
  }

  /** A block begins on a line of its own, but two blocks have no empty line between them. */
  startBlock(): void {
    if (collapse(this.#line) === "") this.#line = "";
    else this.breakLine();
  }

  text(): string {
    this.breakLine();
    return this.#lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
  }
}

const collapse = (line: string): string => line.replace(/[\s\u00a0]+/g, " ").trim();
