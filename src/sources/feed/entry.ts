/** What every feed format says about one entry; absent facts are null. Texts are plain, addresses absolute. */
export interface FeedEntry {
  id: string | null;
  link: string | null;
  title: string | null;
  text: string;
  author: { name: string | null; url: string | null } | null;
  publishedAt: Date | null;
  updatedAt: Date | null;
  commentCount: number | null;
  parentId: string | null;
}

const emailThenName = /^[^\s@()<>]+@[^\s@()<>]+\s*\(([^()]+)\)$/;
const nameThenEmail = /^(.+?)\s*[(<]\s*(?:mailto:)?[^\s@()<>]+@[^\s@()<>]+\s*[)>]$/;

/** The name in "mail@example.com (Name)", "Name <mail@example.com>" and "Name (mail@example.com)"; else all of it. */
export function personName(text: string): string {
  return (emailThenName.exec(text)?.[1] ?? nameThenEmail.exec(text)?.[1] ?? text).trim();
}

/** An absolute http(s) address, null for anything else; redirects of Google's alerts are replaced by their target. */
export function webAddress(text: string | null | undefined, base: string): string | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "" || !URL.canParse(trimmed, base)) return null;
  const url = new URL(trimmed, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  if (url.pathname === "/url" && /^(?:www\.)?google\.[a-z.]{2,6}$/.test(url.hostname)) {
    const target = url.searchParams.get("url") ?? url.searchParams.get("q");
    if (target !== null && /^https?:\/\//.test(target)) return target;
  }
  return /^https?:\/\/[^\s]+$/i.test(trimmed) ? trimmed : url.href;
}
