/** One line of a text; null when it is longer than allowed. `number` counts from 1. */
export interface Line {
  number: number;
  text: string | null;
}

/**
 * Lines of UTF-8 bytes, in batches as the bytes come, so that nobody waits once per line. The byte order
 * mark and the carriage returns are dropped; a line without an end is the last one.
 */
export async function* lineBatches(
  chunks: AsyncIterable<Uint8Array>,
  maxLineChars: number,
): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  let isTooLong = false;
  let number = 0;
  const take = (text: string): Line => {
    const fits = !isTooLong && text.length <= maxLineChars;
    isTooLong = false;
    number++;
    return { number, text: fits ? text.replace(/\r$/, "") : null };
  };
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    if (parts.length > 0) yield parts.map(take);
    if (rest.length > maxLineChars) {
      isTooLong = true;
      rest = "";
    }
  }
  rest += decoder.decode();
  if (rest !== "" || isTooLong) yield [take(rest)];
}
