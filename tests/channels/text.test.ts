import { describe, expect, it } from "vitest";
import { cleanBlock, cleanLine, cleanText, cut, httpUrl } from "#channels/text.ts";

const asIs = (text: string) => text;

describe("cut", () => {
  it("leaves alone what fits exactly", () => expect(cut("абвгд", 5, asIs)).toBe("абвгд"));
  it("keeps room for the ellipsis", () => expect(cut("абвгде", 5, asIs)).toBe("абвг…"));
  it("never splits a family, a flag or a letter with its marks", () => {
    expect(cut("я👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 13, asIs)).toBe("я👩‍👩‍👧‍👦…");
    expect(cut("🇷🇺🇷🇺", 7, asIs)).toBe("🇷🇺…");
    expect(cut("е\u0308е\u0308", 3, asIs)).toBe("е\u0308…");
  });
  it("counts what the encoding makes of the text", () => {
    expect(cut("a&&", 9, text => text.replaceAll("&", "&amp;"))).toBe("a&amp;…");
  });
});

describe("cleaning", () => {
  it("takes out controls, and makes halves of characters whole", () => {
    expect(cleanText("а\u0000б\u001B\uD83D\r\nв\tг")).toBe("аб\uFFFD\nв\tг");
  });
  it("reads 20,000 units at most, and says so even when hardly any of them can be shown", () => {
    expect(cleanText(`а${"\u0000".repeat(30_000)}б`)).toBe("а…");
    expect(cleanText("а".repeat(20_000))).not.toContain("…");
  });
  it("makes one line, without marks that turn the direction", () => {
    expect(cleanLine("  а\n\u202Eб \t в ")).toBe("а б в");
  });
  it("keeps the lines of a block, without empty ones", () => {
    expect(cleanBlock("\n\nа\n \n\nб\n")).toBe("а\nб");
  });
});

describe("httpUrl", () => {
  it("gives the normal form of a web address", () => {
    expect(httpUrl("HTTPS://Волна.рф/а б", 100)).toBe("https://xn--80ad1aid.xn--p1ai/%D0%B0%20%D0%B1");
  });
  it.each([
    null,
    "",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "/cases/1",
    `https://a.ru/${"x".repeat(100)}`,
  ])("gives nothing for %s", text => {
    expect(httpUrl(text, 100)).toBeNull();
  });
});
