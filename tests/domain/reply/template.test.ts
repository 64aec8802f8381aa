import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "#domain/errors.ts";
import { checkTemplate, renderTemplate } from "#domain/reply/template.ts";
import { templateValues } from "#domain/reply/template-values.ts";

const anna = templateValues({ author: "Анна", brand: "Волна", product: null, rating: 2, language: "ru" });
const render = (text: string) => renderTemplate(text, anna).text;

describe("a template", () => {
  it("puts values in and chooses by conditions", () => {
    expect(render("{{author}}, здравствуйте! {{ brand }} рядом.")).toBe("Анна, здравствуйте! Волна рядом.");
    expect(render("{{#if rating<=2}}Простите нас.{{else}}Спасибо!{{/if}}")).toBe("Простите нас.");
    expect(render("{{#if rating > 2}}Спасибо!{{/if}}")).toBe("");
    expect(render('{{#if language = "RU"}}да{{/if}}{{#if language != "ru"}}нет{{/if}}')).toBe("да");
    expect(render("{{#if product}}{{product}}{{else}}товар{{/if}}")).toBe("товар");
    expect(render("{{#if !product}}{{#if author}}{{author}}{{/if}}{{/if}}")).toBe("Анна");
  });

  it("names what the mention does not have, wherever it would have been printed", () => {
    expect(renderTemplate("{{author}}: {{product}}, {{title}}", anna).missing).toEqual(["product", "title"]);
    expect(renderTemplate("{{#if product}}{{product}}{{/if}}ок", anna)).toEqual({ text: "ок", missing: [] });
  });

  it("holds no comparison with an absent value, nor of words with a number", () => {
    for (const condition of ["product = 1", "product != 1", 'product < "я"', "author > 0", "author != 0"])
      expect(render(`{{#if ${condition}}}да{{else}}нет{{/if}}`)).toBe("нет");
  });

  it.each([
    ["{{autor}} {{brend}} {{autor}}", '"autor", "brend"'],
    ["{{#if raiting > 2}}x{{/if}}", '"raiting"'],
    ["{{constructor}}", '"constructor"'],
    ["{{toString}} {{valueOf}}", '"toString", "valueOf"'],
  ])("that says %s is refused by the names that mean nothing", (text, names) => {
    expect(() => checkTemplate(text)).toThrow(names);
    expect(() => checkTemplate(text)).toThrow(InputError);
  });

  it.each([
    ["{{author", "character 1"],
    ["Да {{#if rating}}нет", "character 4"],
    ["{{/if}}", "no {{#if"],
    ["{{else}}", "of its own"],
    ["{{#if a}}{{else}}{{else}}{{/if}}", "of its own"],
    ["{{author.name}}", "neither a name"],
    ["{{author()}}", "neither a name"],
    ["{{__proto__}}", "neither a name"],
    ["{{#each x}}", "neither a name"],
    ["{{#if rating <= two}}x{{/if}}", "no condition"],
    ["{{#if rating <= 2 || 1}}x{{/if}}", "no condition"],
    [`${"{{#if rating}}".repeat(6)}${"{{/if}}".repeat(6)}`, "more than 5"],
    ["{{brand}}".repeat(201), "more than 200"],
  ])("that says %s is refused with the place", (text, complaint) => {
    expect(() => checkTemplate(text)).toThrow(complaint);
  });
});

const anyText = fc.string({ unit: "binary", maxLength: 300 });
const marks = fc
  .array(
    fc.constantFrom(
      "{{",
      "}}",
      "{",
      "}",
      "#if ",
      "/if",
      "else",
      "author",
      "rating",
      "<=",
      '"',
      "2",
      " ",
      "x",
    ),
    {
      maxLength: 60,
    },
  )
  .map(parts => parts.join(""));

describe("for all texts", () => {
  it("a template without marks is its own result", () => {
    fc.assert(
      fc.property(anyText, text => {
        fc.pre(!text.includes("{{"));
        expect(renderTemplate(text, anna).text).toBe(text.trim());
      }),
    );
  });

  it("a value stands in the result as it is, and is never read as marks", () => {
    fc.assert(
      fc.property(fc.oneof(marks, anyText), fc.oneof(marks, anyText), (author, brand) => {
        const values = templateValues({ author, brand });
        const { text } = renderTemplate("<{{author}}|{{brand}}|{{#if author}}{{author}}{{/if}}>", values);
        const [one, two] = [values.get("author") ?? "", values.get("brand") ?? ""];
        expect(text).toBe(`<${one}|${two}|${one}>`);
      }),
    );
  });

  it("a value is one line of at most 200 characters, well formed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), author => {
        const value = String(templateValues({ author }).get("author") ?? "");
        expect(value).toBe(value.toWellFormed());
        expect(value).not.toMatch(/[\n\r\u202e]/);
        expect([...new Intl.Segmenter("und").segment(value)].length).toBeLessThanOrEqual(200);
      }),
    );
  });

  it("reading ends in a result or in an InputError, never otherwise", () => {
    fc.assert(
      fc.property(marks, text => {
        try {
          checkTemplate(text);
          renderTemplate(text, anna);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });

  it("reading 10,000 characters of opened marks takes no time to speak of", () => {
    const started = performance.now();
    for (const text of [
      "{{".repeat(5_000),
      "{".repeat(10_000),
      `{{#if ${"a ".repeat(4_990)}}}`,
      `{{#if a="${" ".repeat(9_900)}`,
    ])
      expect(() => checkTemplate(`${text} {{`)).toThrow(InputError);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
