/** One `Allow` or `Disallow`, cut at its wildcards; `length` decides between rules (RFC 9309, 2.2.2). */
interface Rule {
  allow: boolean;
  pieces: readonly string[];
  isAnchored: boolean;
  length: number;
}

/** What a robots.txt says to one agent. */
export interface RobotsRules {
  rules: readonly Rule[];
  /** The pause it asks for, in ms. */
  crawlDelayMs: number | null;
}

/** RFC 9309 asks to read at least 500 KiB; the rest is not read. */
export const maxRobotsBytes = 500 * 1024;

/** A longer line holds no rule for a real address. */
const maxLineLength = 4096;
const maxLines = 20_000;

const agentSpellings = new Set(["user-agent", "useragent", "user agent"]);

const webPage = /^\s*<(?:!doctype|html|head|\?xml)/i;

/** U+FFFD in front is a byte order mark that was cut; one inside the file is no white space. */
const byteOrderMark = /^[\uFEFF\uFFFD]/;

/**
 * What the bytes of a robots.txt say to `agent`: the groups that name it, else those for "*". A web page sent in
 * its place says nothing. Written for hostile files: linear in time and memory, which npm's robots-parser is not.
 */
export function parseRobots(bytes: Uint8Array, agent: string): RobotsRules {
  const text = new TextDecoder("utf-8")
    .decode(bytes.subarray(0, maxRobotsBytes))
    .replace(byteOrderMark, "")
    .replaceAll("\uFEFF", "\uFFFD");
  return webPage.test(text)
    ? { rules: [], crawlDelayMs: null }
    : readLines(text.split(/\r\n|\r|\n/, maxLines), agent);
}

interface Group {
  rules: Rule[];
  crawlDelayMs: number | null;
}

function readLines(lines: readonly string[], agent: string): RobotsRules {
  const own = productToken(agent);
  const groups = new Map<string, Group>();
  /** Those that the lines now belong to: the agent's own, the one for all, both, or none. */
  let current = new Set<Group>();
  let isNaming = false;
  for (const line of lines) {
    const [key, value] = splitLine(line);
    if (key === "user-agent") {
      if (!isNaming) current = new Set();
      if ([own, "*"].includes(namedBy(value))) current.add(groupOf(groups, namedBy(value)));
      isNaming = true;
    } else if (directives.has(key)) {
      current.forEach(group => void directives.get(key)?.(group, value));
      isNaming = false;
    }
  }
  return groups.get(own) ?? groups.get("*") ?? { rules: [], crawlDelayMs: null };
}

const directives = new Map<string, (group: Group, value: string) => void>([
  ["allow", (group, value) => addRule(group, true, value)],
  ["disallow", (group, value) => addRule(group, false, value)],
  ["crawl-delay", setCrawlDelay],
]);

function setCrawlDelay(group: Group, value: string): void {
  const seconds = Number(value);
  if (value !== "" && Number.isFinite(seconds) && seconds >= 0) group.crawlDelayMs = seconds * 1000;
}

function addRule(group: Group, allow: boolean, value: string): void {
  if (value === "") return;
  const isAnchored = value.endsWith("$");
  const pattern = normalisePath(isAnchored ? value.slice(0, -1) : value);
  group.rules.push({
    allow,
    pieces: pattern.split(/\*+/),
    isAnchored,
    length: pattern.length + (isAnchored ? 1 : 0),
  });
}

/** A missing colon is forgiven, as Google's parser does: "disallow /" is what was meant. */
function splitLine(line: string): [key: string, value: string] {
  const content = (line.slice(0, maxLineLength).split("#", 1)[0] ?? "").trim();
  const colon = content.indexOf(":");
  const end = colon < 0 ? content.search(/[ \t]/) : colon;
  if (end < 0) return ["", ""];
  const key = content.slice(0, end).trim().toLowerCase();
  return [agentSpellings.has(key) ? "user-agent" : key, content.slice(end + 1).trim()];
}

function groupOf(groups: Map<string, Group>, name: string): Group {
  const group = groups.get(name) ?? { rules: [], crawlDelayMs: null };
  groups.set(name, group);
  return group;
}

const namedBy = (value: string): string => (/^\*(\s|$)/.test(value) ? "*" : productToken(value));

/** "Molva/1.0 (+…)" → "molva": letters, "-" and "_" up to the first other character (RFC 9309, 2.2.1). */
const productToken = (agent: string): string => (/^[A-Za-z_-]*/.exec(agent)?.[0] ?? "").toLowerCase();

/** Whether the path and query of `url` may be asked; the longest rule wins, `Allow` between equals. */
export function isAllowed({ rules }: RobotsRules, url: string): boolean {
  const path = pathOf(url);
  if (path === "/robots.txt") return true;
  let winner: Rule | null = null;
  for (const rule of rules) {
    if (!isWeaker(rule, winner) && matches(rule, path)) winner = rule;
  }
  return winner?.allow ?? true;
}

function isWeaker(rule: Rule, winner: Rule | null): boolean {
  if (winner === null) return false;
  return rule.length === winner.length ? !rule.allow : rule.length < winner.length;
}

/** Each piece is looked for after the one before; the leftmost place is always good enough, so nothing is retried. */
function matches({ pieces, isAnchored }: Rule, path: string): boolean {
  const [first = "", ...rest] = pieces;
  if (!path.startsWith(first)) return false;
  if (isAnchored && rest.length === 0) return path.length === first.length;
  const last = isAnchored ? rest.pop() : undefined;
  let at = first.length;
  for (const piece of rest) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return last === undefined || (path.endsWith(last) && path.length - last.length >= at);
}

function pathOf(url: string): string {
  const afterScheme = url.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\//i, "");
  const start = afterScheme.search(/[/?;]/);
  const path = start < 0 ? "/" : (afterScheme.slice(start).split("#", 1)[0] ?? "/");
  return normalisePath(path.startsWith("/") ? path : `/${path}`);
}

/** One spelling for addresses and patterns (RFC 9309, 2.2.2): other than ASCII escaped, unreserved characters not. */
function normalisePath(path: string): string {
  if (/^[\0-$&-\x7F]*$/.test(path)) return path;
  return path
    .toWellFormed()
    .replace(/[^\0-\x7F]+/g, encodeURIComponent)
    .replace(/%[0-9a-f]{2}/gi, escaped => {
      const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase();
    });
}
