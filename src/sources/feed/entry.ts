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
export function personName(whole: string): string {
  const text = whole.slice(0, 500);
  return (emailThenName.exec(text)?.[1] ?? nameThenEmail.exec(text)?.[1] ?? text).trim();
}
