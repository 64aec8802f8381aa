import { describe, expect, it } from "vitest";
import { loadXml } from "#sources/xml.ts";

describe("XML", () => {
  it("keeps case and prefixes of names, CDATA and mixed content", () => {
    const $ = loadXml(
      '\uFEFF<?xml version="1.0"?><Rss><content:encoded><![CDATA[<b>да</b>]]> и &amp; ещё</content:encoded></Rss>',
    );
    expect($("content\\:encoded").text()).toBe("<b>да</b> и & ещё");
    expect($("rss")).toHaveLength(0);
  });

  it("may name an external DTD, as RSS 0.91 does, and gets nothing from it", () => {
    const doctype =
      '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.com/rss-0.91.dtd">';
    expect(loadXml(`${doctype}<rss><title>&own;</title></rss>`)("title").text()).toBe("&own;");
  });

  it.each([
    '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
    "<!doctype r [ ]><r/>",
    '<!DOCTYPE r SYSTEM "a>b" [<!ENTITY a "b">]><r/>',
    '<r><!ENTITY % d SYSTEM "http://example.com/evil.dtd"></r>',
  ])("with declarations of its own is refused: %s", xml => {
    expect(() => loadXml(xml)).toThrow(expect.objectContaining({ code: "too-much" }));
  });

  it("is held to the depth of HTML", () => {
    expect(() => loadXml("<a>".repeat(513))).toThrow(expect.objectContaining({ code: "too-much" }));
  });
});
