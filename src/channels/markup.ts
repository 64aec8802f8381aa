/** How a chat writes; `encode` gives what the chat shows as exactly that text, and never shortens. */
export interface Markup {
  encode: (text: string) => string;
  strong: (markup: string) => string;
  quote: (text: string, maxLength: number) => string;
  link: (url: string, label: string) => string;
}
