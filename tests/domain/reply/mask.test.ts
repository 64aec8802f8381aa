import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMask } from "#domain/reply/mask.ts";
import { findPersonal } from "#domain/reply/personal.ts";

const hide = (text: string, names: string[] = [], keep: string[] = []) =>
  createMask({ names, keep }).hide(text);
const found = (text: string) =>
  findPersonal(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

describe("personal data", () => {
  it.each([
    ["Звоните +7 (916) 123-45-67 вечером", "phone", "+7 (916) 123-45-67"],
    ["тел 89161234567.", "phone", "89161234567"],
    ["8 800 555 35 35 не отвечает", "phone", "8 800 555 35 35"],
    ["8.916.123.45.67", "phone", "8.916.123.45.67"],
    ["городской 123-45-67", "phone", "123-45-67"],
    ["call +44 20 7946 0958", "phone", "+44 20 7946 0958"],
    ["пишите на ivan.petrov+1@mail.example.ru!", "email", "ivan.petrov+1@mail.example.ru"],
    ["почта иван@почта.рф", "email", "иван@почта.рф"],
    ["карта 4111 1111 1111 1111", "card", "4111 1111 1111 1111"],
    ["карта 2200-0000-0000-0053", "card", "2200-0000-0000-0053"],
    ["заказ №1234-567", "order", "1234-567"],
    ["Номер заказа: WB-99812", "order", "WB-99812"],
    ["по обращению номер 45120", "order", "45120"],
    ["мой трек-код RA123456789RU", "order", "RA123456789RU"],
    ["order #7781A", "order", "7781A"],
    ["артикул 12345678", "order", "12345678"],
    ["пишите в @ivan_petrov", "account", "@ivan_petrov"],
  ])("is seen in: %s", (text, kind, value) => {
    expect(found(text)).toEqual([[kind, value]]);
  });

  it.each([
    "Ждали 40 минут, заплатили 1 250 рублей",
    "Был 12.05.2026 в 15:30, обед 2026-11-20",
    "Цена 1 200 000 руб., скидка 10-15 %",
    "5 из 10, версия 1.2.3",
    "заказ привезли за 3 часа",
    "третий раз, итого 150000",
  ])("is not seen in: %s", text => {
    expect(found(text)).toEqual([]);
  });
});

describe("a mask", () => {
  it.each([
    ["Менеджер Ольга Петрова нахамила", ["Ольга", "Петров"]],
    ["Спасибо Сергею Ивановичу и Анне!", ["Серге", "Иванович", "Анн"]],
    ["Меня зовут алтынай, я звонила", ["алтынай"]],
    ["Курьер Сидоров не приехал, а Иванову Дмитрию хоть бы что", ["Сидоров", "Иванов", "Дмитри"]],
    ["Оператор Гюльчатай бросила трубку", ["Гюльчатай"]],
    ["Our waiter John Smithson and Mrs Doubtfire", ["John", "Smithson", "Doubtfire"]],
    ["Позвонил Павлу, Льву и Наталье", ["Павл", "Льв", "Натал"]],
    ["Отдал деньги Сидоренко и Чавчавадзе", ["Сидоренко", "Чавчавадзе"]],
  ])("hides the names in: %s", (text, names) => {
    const hidden = hide(text);
    for (const name of names) expect(hidden).not.toContain(name);
  });

  it("hides the author's name in every case and letter case, and keeps the brand's", () => {
    const hidden = hide(
      "Я, Гаухар Сеитова, писала. ГАУХАР — это я. гаухару обманули в Марина Кафе",
      ["Гаухар Сеитова"],
      ["Марина Кафе"],
    );
    expect(hidden).not.toMatch(/гаухар|сеитов/i);
    expect(hidden).toContain("Марина Кафе");
  });

  it("leaves ordinary words alone", () => {
    const text = "Ужасная кофейня, кофе холодный, персонал грубый. Никому не советую! Деньги не вернули.";
    expect(hide(text)).toBe(text);
  });

  it("gives one value one placeholder, and the values back in one pass", () => {
    const mask = createMask({ names: [], keep: [] });
    const hidden = mask.hide("Анна, почта a@b.ru; Анна, тел. 89161234567");
    expect(hidden).toBe("[NAME_1], почта [EMAIL_2]; [NAME_1], тел. [PHONE_3]");
    expect(mask.show("[name_1], ответили на [EMAIL_2] и [PHONE_9]")).toEqual({
      text: "Анна, ответили на a@b.ru и [PHONE_9]",
      unknown: ["[PHONE_9]"],
    });
  });

  it("shows what it hid, whatever the text, its own placeholders included", () => {
    const piece = fc.constantFrom(
      ...[
        "[NAME_1]",
        "[TEXT_2]",
        "[phone_3]",
        "Анна ",
        "Петрова ",
        "+7 916 123-45-67 ",
        "a@b.ru",
        "№12345",
        "[",
        "]",
      ],
      ...["_1", "заказ ", " ", "4111111111111111", "я", "\n", "😀", "."],
    );
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map(parts => parts.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 4 }), all => {
        const mask = createMask({ names: ["Анна"], keep: [] });
        for (const [text, hidden] of all.map(text => [text, mask.hide(text)] as const))
          expect(mask.show(hidden)).toEqual({ text, unknown: [] });
      }),
    );
  });

  it("lets no planted value through, wherever it stands", () => {
    const planted = fc.constantFrom(
      "+79161234567",
      "8 (495) 123-45-67",
      "ivan@mail.ru",
      "4111-1111-1111-1111",
      "№77812",
      "Сергей",
    );
    const around = fc.array(fc.constantFrom("кофе", "плохой", "и", "—", "!", "в зале", "5"), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(around, planted, around, (before, value, after) => {
        const hidden = hide([...before, ",", value, ",", ...after].join(" "));
        expect(hidden).not.toContain(value.replace("№", ""));
      }),
    );
  });

  it("reads hostile texts in no time", () => {
    const started = performance.now();
    for (const text of [
      "1".repeat(50_000),
      "1 ".repeat(25_000),
      "a.".repeat(25_000),
      "заказ ".repeat(8_000),
      "@".repeat(50_000),
      "+(".repeat(25_000),
    ])
      hide(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
