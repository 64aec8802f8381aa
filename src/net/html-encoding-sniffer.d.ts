declare module "html-encoding-sniffer" {
  /** WHATWG name of the encoding that the bytes of an HTML page declare, else `defaultEncoding`. */
  export default function sniff(bytes: Uint8Array, options: { defaultEncoding: string }): string;
}
