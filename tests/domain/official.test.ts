import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { officialBadgeWords, officialEvidence } from "#domain/official.ts";

const author = (facts: { id?: string; name?: string; url?: string; badges?: string[] }) => ({
  id: null,
  name: null,
  url: null,
  reach: null,
  badges: [],
  ...facts,
});

describe("an account of the brand", () => {
  test("is known by its id, whatever the case", () => {
    expect(officialEvidence(author({ id: "Tern-Care" }), { accounts: ["tern-care"] })).toBe(
      "account tern-care",
    );
    expect(officialEvidence(author({ id: "54" }), { accounts: ["5"] })).toBeNull();
  });

  test("is known by its profile's address in any spelling", () => {
    const url = "https://forum.example/memberlist.php?mode=viewprofile&u=54&sid=0123456789abcdef";
    for (const account of [
      "http://www.forum.example/memberlist.php?u=54&mode=viewprofile",
      "forum.example/memberlist.php?mode=viewprofile&u=54",
    ])
      expect(officialEvidence(author({ url }), { accounts: [account] })).toBe(`account ${account}`);
    expect(
      officialEvidence(author({ url }), { accounts: ["forum.example/memberlist.php?mode=viewprofile&u=5"] }),
    ).toBeNull();
  });

  test("is known by its name only where the name is written with @", () => {
    const support = author({ name: "Ternsupport", id: "9" });
    expect(officialEvidence(support, { accounts: ["@ternSUPPORT"] })).toBe("account @ternSUPPORT");
    expect(officialEvidence(support, { accounts: ["ternsupport"] })).toBeNull();
  });

  test("wins over a badge", () => {
    const both = author({ id: "7", badges: ["Официальный представитель"] });
    expect(officialEvidence(both, { accounts: ["7"] })).toBe("account 7");
  });

  test("is never an empty line of the settings", () => {
    expect(
      officialEvidence(author({ id: "", name: "", url: "" }), { accounts: ["", " ", "@", "/"] }),
    ).toBeNull();
  });
});

describe("a badge", () => {
  test.each([
    "Представитель компании",
    "ОФИЦИАЛЬНЫЙ ПРЕДСТАВИТЕЛЬ бренда",
    "Ｓｔａｆｆ",
    "Tern — support team",
    "Раз\u00ADработчик",
  ])("%s speaks for the company", badge => {
    expect(officialEvidence(author({ badges: ["Участник", badge] }), {})).toBe(`badge ${badge}`);
  });

  test.each([
    "Модератор",
    "Администратор сайта",
    "Support moderator",
    "Супермодератор, сотрудник форума",
    "Бывший сотрудник",
    "Unofficial fan",
    "Supporter",
    "Компаньон",
    "Forwarded from Tern Support",
  ])("%s does not", badge => {
    expect(officialEvidence(author({ badges: [badge] }), {})).toBeNull();
  });

  test("is looked for by the operator's own words instead, when there are any", () => {
    const rules = { badgeWords: ["команда Крачки"] };
    expect(officialEvidence(author({ badges: ["Команда крачки"] }), rules)).toBe("badge Команда крачки");
    expect(officialEvidence(author({ badges: ["Staff"] }), rules)).toBeNull();
  });
});

describe("a display name with the brand in it", () => {
  const rules = { names: ["Крачка"] };

  test("counts only with a group that not everybody is in", () => {
    expect(officialEvidence(author({ name: "Крачка Сервис", badges: ["Партнёры"] }), rules)).toBe(
      "name Крачка Сервис (Партнёры)",
    );
    expect(officialEvidence(author({ name: "Крачка Сервис", badges: ["Пользователь"] }), rules)).toBeNull();
    expect(officialEvidence(author({ name: "Крачка Сервис" }), rules)).toBeNull();
    expect(officialEvidence(author({ name: "Крачка Сервис", badges: ["Модератор"] }), rules)).toBeNull();
    expect(officialEvidence(author({ name: "Крачкалюб", badges: ["Партнёры"] }), rules)).toBeNull();
  });
});

test("nobody is official without a rule, and evidence always fits its column", () => {
  expect(officialEvidence(null, { accounts: ["1"] })).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), text => {
      const evidence = officialEvidence(author({ badges: [`staff ${text}`] }), {});
      expect(evidence === null || (evidence.length <= 200 && evidence.isWellFormed())).toBe(true);
      expect(officialEvidence(author({ name: text, id: text }), { accounts: [] })).toBeNull();
    }),
  );
  expect(officialBadgeWords).toHaveLength(11);
});
