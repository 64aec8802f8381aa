/** What a spreadsheet may run when a cell begins with it, whatever blank, quote or invisible mark stands before. */
const startsAsFormula = /^[\s\p{Cc}\p{Cf}"']*[=+\-@|%＝＋－＠]/u;
/** A tab or a line break at the beginning splits cells in some spreadsheets; our own mark must stay unmistakable. */
const startsAsMark = /^[\t\r\n']/;
/** A dash or a plain number is no formula. */
const harmless = /^(?:[-–—]|-?\d{1,15}(?:[.,]\d{1,15})?)$/;

/** Whether a text could reach a spreadsheet as a formula (OWASP, CSV Injection). */
export const isFormulaLike = (text: string): boolean =>
  (startsAsFormula.test(text) || startsAsMark.test(text)) && !harmless.test(text);

/** The text behind an apostrophe where a spreadsheet could run it; taking one leading apostrophe off gives it back exactly. */
export const defused = (text: string): string => (isFormulaLike(text) ? `'${text}` : text);
