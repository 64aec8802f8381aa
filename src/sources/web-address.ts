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
