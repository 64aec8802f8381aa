/** The UTF-8 text that a base64 string stands for (white space inside is ignored); null when it is not base64. */
export function decodeBase64(text: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s+/g, "")), character => character.charCodeAt(0));
    return new TextDecoder("utf-8").decode(bytes);
  } catch {
    return null;
  }
}
