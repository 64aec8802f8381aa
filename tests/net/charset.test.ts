import { describe, expect, it } from "vitest";
import { cleanText, decodeText } from "#net/charset.ts";
import { encode } from "./encode.ts";

const review =
  "Заказывали холодильник в этом магазине две недели назад. Доставку переносили трижды, а когда привезли, дверца " +
  "оказалась поцарапана. Менеджер обещал перезвонить и пропал. Деньги вернули только после претензии.";
const shouted = "ВЕРНИТЕ ДЕНЬГИ! НИКОГДА БОЛЬШЕ НЕ БУДУ У ВАС ПОКУПАТЬ, СЕРВИСА НЕТ СОВСЕМ!";
const mixed =
  "Купил iPhone 15 Pro — батарея держит 6 часов, поддержка (chat) молчит. №1 по обещаниям, «сервис» — ноль.";
const russian = ["windows-1251", "koi8-r", "ibm866"];
const declarations = [null, ...russian, "utf-8", "iso-8859-1", "windows-1250", "no-such-charset"];

const html = (text: string, encoding: string): Buffer =>
  Buffer.concat([
    Buffer.from("<html><body><div class=post>"),
    encode(text, encoding),
    Buffer.from("</div></body></html>"),
  ]);
const headersFor = (charset: string | null): Record<string, string> =>
  charset === null ? {} : { "content-type": `text/html; charset=${charset}` };

describe.each(russian)("a page in %s", encoding => {
  it.each(declarations)("comes out right when HTTP declares %s", declared => {
    for (const text of [review, shouted, mixed.replace("—", "-").replace("—", "-").replace(/[№«»]/g, "")]) {
      const decoded = decodeText(html(text, encoding), headersFor(declared));
      expect(decoded.text).toContain(text);
      expect(decoded).toMatchObject({ encoding, replacementShare: 0 });
    }
  });

  it.each(russian)("comes out right when its meta says %s", declared => {
    const page = Buffer.concat([
      Buffer.from(`<meta http-equiv=Content-Type content="text/html; charset=${declared}">`),
      encode(review, encoding),
    ]);
    expect(decodeText(page, {}).text).toContain(review);
  });

  it("comes out right after kilobytes of markup in ASCII", () => {
    const page = Buffer.concat([
      Buffer.from("<script>var a = 1;</script>\n".repeat(8000)),
      encode(review, encoding),
    ]);
    expect(decodeText(page, {}).text).toContain(review);
  });
});

describe("declarations", () => {
  it.each([
    ["XML prolog", '<?xml version="1.0" encoding="windows-1251"?><rss>', {}],
    ["meta", "<meta charset='windows-1251'>", {}],
    ["HTTP", "<p>", { "content-type": 'text/html;charset="Windows-1251"' }],
  ])("by %s are enough for a short word", (_name, start, headers) => {
    const page = Buffer.concat([Buffer.from(start), encode("Ужас", "windows-1251")]);
    expect(decodeText(page, headers)).toMatchObject({ text: `${start}Ужас`, encoding: "windows-1251" });
  });

  it("in HTTP come before those in the page", () => {
    const page = Buffer.concat([Buffer.from("<meta charset=koi8-r>"), encode("Норм", "windows-1251")]);
    expect(decodeText(page, headersFor("windows-1251")).text).toContain("Норм");
  });

  it("give way to a text that is UTF-8", () => {
    const page = Buffer.from(`<meta charset=windows-1251>${review}`);
    expect(decodeText(page, headersFor("koi8-r"))).toMatchObject({
      encoding: "utf-8",
      text: expect.stringContaining(review),
    });
  });

  it("hold for western and other Cyrillic texts", () => {
    const german = "Größe passt, für den Preis schön – naïve Café-Qualität, déjà vu";
    expect(decodeText(html(german, "windows-1252"), headersFor("iso-8859-1")).text).toContain(german);
    const ukrainian = "Привіт, їжак! Що це таке, чому ґанок не працює?";
    expect(decodeText(html(ukrainian, "windows-1251"), headersFor("windows-1251")).text).toContain(ukrainian);
  });
});

describe("byte order marks", () => {
  it("decide alone", () => {
    expect(decodeText(Buffer.from(`\uFEFF${review}`), headersFor("koi8-r")).text).toBe(review);
    const wide = Buffer.from(`\uFEFF${review}`, "utf16le");
    expect(decodeText(wide, headersFor("utf-8"))).toMatchObject({ text: review, encoding: "utf-16le" });
    expect(decodeText(wide.swap16(), {})).toMatchObject({ text: review, encoding: "utf-16be" });
  });

  it("are not needed for XML in UTF-16", () => {
    const xml = '<?xml version="1.0" encoding="utf-16"?><a/>';
    expect(decodeText(Buffer.from(xml, "utf16le"), {}).text).toBe(xml);
  });
});

describe("what could not be read", () => {
  it("is counted", () => {
    const decoded = decodeText(
      Buffer.concat([Buffer.from(review), Buffer.of(0xff, 0xfe)]),
      headersFor("utf-8"),
    );
    expect(decoded.encoding).toBe("utf-8");
    expect(decoded.replacementShare).toBeCloseTo(2 / (review.length + 2), 10);
  });

  it("never holds what PostgreSQL refuses", () => {
    expect(cleanText("a\0b\uD83Dc\uDE00")).toBe("ab\uFFFDc\uFFFD");
    expect(decodeText(Buffer.from("a\0b"), {}).text).toBe("ab");
  });

  it.each(["", "plain ASCII"])("is nothing in %j", text => {
    expect(decodeText(Buffer.from(text), {})).toEqual({ text, encoding: "utf-8", replacementShare: 0 });
  });
});
