import { isFormulaLike } from "./defuse.ts";
import type { LocalTime } from "./local-time.ts";
import type { Cell } from "./table.ts";

/** Limits of a sheet, by the specification of XLSX. */
export const sheetLimits = { rows: 1_048_576, cellLength: 32_767 } as const;

/** Styles by their place in `stylesXml`. */
const styles = { plain: 0, time: 1, text: 2, head: 3 } as const;

/** XML 1.0 knows none of these, and a lone surrogate is no character. */
const illegal = /[\p{Cc}\uFFFE\uFFFF]/gu;
const kept = new Set(["\t", "\n"]);

/** A text as XML may hold it; what a spreadsheet would read as an escape of its own (`_x0041_`) stays as it is written. */
const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(illegal, character => (kept.has(character) ? character : ""))
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

/** Cut by characters, so that no pair is torn. */
const fitting = (text: string): string =>
  text.length <= sheetLimits.cellLength
    ? text
    : `${text.slice(0, sheetLimits.cellLength - 1).toWellFormed()}…`;

/** One row of a sheet, whose first row is 1. Texts are inline and never formulas; one that looks like one is marked as a text. */
export function rowXml(cells: readonly Cell[], row: number, time: LocalTime): string {
  return `<row r="${row}">${cells.map((cell, column) => cellXml(cell, `${columnName(column)}${row}`, time)).join("")}</row>`;
}

/** A, B … Z, AA … */
function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

/** An empty cell is left out. */
function cellXml(cell: Cell, at: string, time: LocalTime): string {
  if (cell === null || cell === "") return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? `<c r="${at}"><v>${cell}</v></c>` : "";
  if (typeof cell === "boolean") return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (cell instanceof Date) return `<c r="${at}" s="${styles.time}"><v>${time.serial(cell)}</v></c>`;
  return textXml(cell, at, isFormulaLike(cell) ? styles.text : styles.plain);
}

const textXml = (text: string, at: string, style: number): string =>
  `<c r="${at}" t="inlineStr"${style === 0 ? "" : ` s="${style}"`}><is><t xml:space="preserve">${xmlText(fitting(text))}</t></is></c>`;

/** The first row. */
export const headXml = (columns: readonly string[]): string =>
  `<row r="1">${columns.map((name, column) => textXml(name, `${columnName(column)}1`, styles.head)).join("")}</row>`;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** The head stays in sight while one scrolls. */
export const sheetStart = `${declaration}<worksheet ${main}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
export const sheetEnd = "</sheetData></worksheet>";

const stylesXml = `${declaration}<styleSheet ${main}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" numFmtId="49" applyNumberFormat="1" quotePrefix="1"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>`;

/** Every part of a workbook but its sheets, which are `xl/worksheets/sheet1.xml` and so on. */
export function workbookParts(sheets: readonly string[]): [path: string, xml: string][] {
  const numbers = sheets.map((_, index) => index + 1);
  const package_ = "http://schemas.openxmlformats.org/package/2006";
  const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const override = (path: string, type: string) =>
    `<Override PartName="/${path}" ContentType="${types}.${type}+xml"/>`;
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (...inside: string[]) =>
    `${declaration}<Relationships xmlns="${package_}/relationships">${inside.join("")}</Relationships>`;
  return [
    [
      "[Content_Types].xml",
      `${declaration}<Types xmlns="${package_}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override("xl/workbook.xml", "sheet.main")}${override("xl/styles.xml", "styles")}${numbers.map(n => override(`xl/worksheets/sheet${n}.xml`, "worksheet")).join("")}</Types>`,
    ],
    ["_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml"))],
    [
      "xl/workbook.xml",
      `${declaration}<workbook ${main} xmlns:r="${office}"><sheets>${sheets.map((name, index) => `<sheet name="${xmlText(name).replaceAll('"', "&quot;")}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      relations(
        ...numbers.map(n => relation(`rId${n}`, "worksheet", `worksheets/sheet${n}.xml`)),
        relation(`rId${sheets.length + 1}`, "styles", "styles.xml"),
      ),
    ],
    ["xl/styles.xml", stylesXml],
  ];
}
