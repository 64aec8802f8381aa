import type { ReportFile } from "./define.ts";

/** A form with one file (RFC 7578). `boundary` stands nowhere in the values; names hold no line ends or quotes. */
export function multipartForm(
  boundary: string,
  fields: Readonly<Record<string, string>>,
  fileField: string,
  file: ReportFile,
): { contentType: string; body: Uint8Array } {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${fileField}"; filename="${file.name}"\r\ncontent-type: ${file.type}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(parts.join("") + head),
      file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}
