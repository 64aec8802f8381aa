const monthForms = [
  "jan january янв январь января",
  "feb february фев февр февраль февраля",
  "mar march мар март марта",
  "apr april апр апрель апреля",
  "may май мая",
  "jun june июн июнь июня",
  "jul july июл июль июля",
  "aug august авг август августа",
  "sep sept september сен сент сентябрь сентября",
  "oct october окт октябрь октября",
  "nov november ноя нояб ноябрь ноября",
  "dec december дек декабрь декабря",
];

const weekdayForms = [
  "sun sunday вс вск воскресенье",
  "mon monday пн пнд понедельник",
  "tue tues tuesday вт втр вторник",
  "wed wednesday ср срд среда среду",
  "thu thur thurs thursday чт чтв четверг",
  "fri friday пт птн пятница пятницу",
  "sat saturday сб сбт суббота субботу",
];

const indexForms = (forms: readonly string[], first: number): ReadonlyMap<string, number> =>
  new Map(forms.flatMap((line, index) => line.split(" ").map(form => [form, index + first] as const)));

/** Names and abbreviations of months, English and Russian, lower case, to 1…12. */
export const monthNames = indexForms(monthForms, 1);

/** Names and abbreviations of weekdays, English and Russian, lower case, to 0 (Sunday)…6. */
export const weekdayNames = indexForms(weekdayForms, 0);

/** Offsets in minutes east of Greenwich of the zone names that feeds and forums print. */
export const zoneNames: ReadonlyMap<string, number> = new Map(
  Object.entries({
    Z: 0,
    UT: 0,
    UTC: 0,
    GMT: 0,
    WET: 0,
    WEST: 60,
    BST: 60,
    CET: 60,
    MEZ: 60,
    CEST: 120,
    MESZ: 120,
    EET: 120,
    EEST: 180,
    MSK: 180,
    МСК: 180,
    MSD: 240,
    SAMT: 240,
    YEKT: 300,
    IST: 330,
    OMST: 360,
    NOVT: 420,
    KRAT: 420,
    IRKT: 480,
    HKT: 480,
    SGT: 480,
    AWST: 480,
    YAKT: 540,
    JST: 540,
    KST: 540,
    VLAT: 600,
    AEST: 600,
    AEDT: 660,
    MAGT: 660,
    PETT: 720,
    NZST: 720,
    NZDT: 780,
    NST: -210,
    ADT: -180,
    AST: -240,
    EDT: -240,
    EST: -300,
    CDT: -300,
    ET: -300,
    CST: -360,
    CT: -360,
    MDT: -360,
    MST: -420,
    MT: -420,
    PDT: -420,
    PST: -480,
    PT: -480,
    HST: -600,
  }),
);
