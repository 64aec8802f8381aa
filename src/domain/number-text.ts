type Language = "ru" | "en";

/**
 * Prints numbers as people of a language write them: `−0,65` and `1 234,5`, `−0.65` and `1,234.5`. A hyphen is no
 * minus, and what rounds to zero has no sign.
 */
export function numberText(
  language: Language,
  options: Intl.NumberFormatOptions = {},
): (value: number) => string {
  const format = new Intl.NumberFormat(language, { signDisplay: "negative", ...options });
  return value => format.format(value).replace("-", "−");
}
