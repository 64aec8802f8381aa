import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadHtml, textOf } from "#sources/html.ts";

const text = (html: string): string => textOf(loadHtml(html).root());

describe("text of HTML", () => {
  it.each([
    ["inline markup leaves no trace", "Очень <b>пло</b>хо, <i>правда</i>", "Очень плохо, правда"],
    ["a break is a line", "раз<br>два<br/>три", "раз\nдва\nтри"],
    [
      "two breaks are an empty line, more are no more",
      "раз<br><br>два<br><br><br><br>три",
      "раз\n\nдва\n\nтри",
    ],
    ["blocks are lines", "<p>раз</p><p>два</p><div>три<div>четыре</div></div>", "раз\nдва\nтри\nчетыре"],
    ["list items are lines even when not closed", "<ul><li>раз<li>два</ul>", "раз\nдва"],
    ["table cells are apart", "<table><tr><td>Цена<td>5</tr><tr><td>Итог<td>2</table>", "Цена 5\nИтог 2"],
    ["white space of the source is no text", "  раз \n\t два&nbsp;&nbsp;три ", "раз два три"],
    ["preformatted lines stay", "<pre>раз\nдва</pre>", "раз\nдва"],
    ["entities are characters", "&laquo;5 &lt; 7&raquo; &#1071;", "«5 < 7» Я"],
    ["scripts and styles are no text", "да<script>alert('x')</script><style>p{}</style><!-- нет -->", "да"],
    [
      "a smiley is what it stands for",
      '<img class="smilies" alt=":(" src=x> жаль<img alt="фото кухни" src=y>',
      ":( жаль",
    ],
  ])("%s", (_rule, html, expected) => {
    expect(text(html)).toBe(expected);
  });

  it("of a selection has every element on lines of its own", () => {
    const $ = loadHtml("<span>раз</span> между <span>два</span>");
    expect(textOf($("span"))).toBe("раз\nдва");
  });

  it("never throws for markup that is broken", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "</",
      "<div",
      "<p>",
      "</p>",
      "&",
      "&#",
      ";",
      '"',
      "=",
      "a",
      "<!--",
      "<![CDATA[",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => typeof text(pieces.join("")) === "string"),
    );
  });
});

describe("limits of HTML", () => {
  const refusal = { code: "too-much", retry: "never" };
  const nested = (depth: number): string => "<div>".repeat(depth);
  const attributes = (count: number): string =>
    `<p ${Array.from({ length: count }, (_, at) => `a${at}=1`).join(" ")}>`;

  it("hold at depth 512", () => {
    expect(() => loadHtml(nested(512))).not.toThrow();
    expect(() => loadHtml(nested(513))).toThrow(expect.objectContaining(refusal));
  });

  it("hold at 256 attributes of one tag", () => {
    expect(() => loadHtml(attributes(256).repeat(3))).not.toThrow();
    expect(() => loadHtml(attributes(257))).toThrow(expect.objectContaining(refusal));
  });

  it("hold at 200,000 nodes", () => {
    expect(() => loadHtml("<b></b>".repeat(200_000))).not.toThrow();
    expect(() => loadHtml("<b></b>".repeat(200_001))).toThrow(expect.objectContaining(refusal));
  });
});
