import { type Reading, readPrintedDate } from "#sources/printed-dates.ts";

/** Months as boards print them in German, French, Spanish, Italian, Portuguese, Dutch, Polish and Ukrainian. */
const monthForms: { readonly [english: string]: string } = {
  jan: "januar janvier janv ene enero gen gennaio janeiro januari sty stycznia styczeń січ січня",
  feb: "februar février févr fév febrero febbraio fev fevereiro februari lut lutego luty лют лютого",
  mar: "mär märz mars marzo março mrt maart marca marzec бер березня",
  apr: "avril avr abr abril aprile kwi kwietnia kwiecień кві квітня",
  may: "mai mayo mag maggio maio mei maj maja тра травня",
  jun: "juni juin junio giu giugno junho cze czerwca czerwiec чер червня",
  jul: "juli juillet juil julio lug luglio julho lip lipca lipiec лип липня",
  aug: "août aoû ago agosto augustus sie sierpnia sierpień сер серпня",
  sep: "septembre septiembre set settembre setembro wrz września wrzesień вер вересня",
  oct: "okt oktober octobre octubre ott ottobre out outubro paź października październik жов жовтня",
  nov: "novembre noviembre novembro listopada listopad lis лис листопада",
  dec: "dez dezember déc décembre dic diciembre dicembre dezembro grudnia grudzień gru гру грудня",
  today: "heute hoy oggi hoje vandaag dzisiaj dziś сьогодні",
  yesterday: "gestern hier ayer ieri ontem gisteren wczoraj вчора",
};

const english = new Map(
  Object.entries(monthForms).flatMap(([word, forms]) => forms.split(" ").map(form => [form, word] as const)),
);

/** A date as boards print it: Russian, English and numbers, else with the words of eight more languages; or null. */
export function readBoardDate(text: string | null | undefined, reading: Reading): Date | null {
  const printed = text?.slice(0, 200) ?? "";
  return readPrintedDate(printed, reading) ?? readPrintedDate(inEnglish(printed), reading);
}

/** "Fr 7. Okt 2011, 08:23" and "22 de febrero de 2012" with the words and the order of English ones. */
const inEnglish = (text: string): string =>
  text
    .toLowerCase()
    .replace(/aujourd.hui/, "today")
    .replace(/(?<=\d)\. ?(?=\p{L})/u, " ")
    .replace(/(?<=[\p{L}\d]) de (?=[\p{L}\d])/gu, " ")
    .replace(/\p{L}+/gu, word => english.get(word) ?? word);
