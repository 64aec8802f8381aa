/** Styles of a report for screen and A4; fonts are those of the machine, all of which have Cyrillic. */
export const reportStyle = `
@page { size: A4; margin: 16mm 14mm; }
:root { --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --negative: #b3382c; --neutral: #b9c0ca; --positive: #2f7d4f; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 820px; padding: 24px; color: var(--ink); font: 14px/1.45 "Liberation Sans", "DejaVu Sans", Arial, sans-serif; }
h1 { margin: 0; font-size: 28px; } h2 { margin: 0 0 8px; font-size: 16px; } p { margin: 0 0 6px; }
section { margin: 24px 0; } .small { color: var(--soft); font-size: 12px; }
.warning { margin: 16px 0; padding: 10px 12px; border-left: 4px solid var(--negative); background: #fbeeec; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; }
.figure { padding: 12px; border: 1px solid var(--line); border-radius: 6px; } .figure h2 { font-size: 13px; color: var(--soft); }
.now { font-size: 26px; font-weight: bold; }
svg { width: 100%; height: auto; } .grid { stroke: var(--line); } .axis { fill: var(--soft); font-size: 11px; }
.hole { fill: #f3f0e6; } rect.negative { fill: var(--negative); } rect.neutral { fill: var(--neutral); } rect.positive { fill: var(--positive); }
.key { display: inline-block; width: 10px; height: 10px; margin: 0 5px 0 8px; }
.key.negative { background: var(--negative); } .key.neutral { background: var(--neutral); } .key.positive { background: var(--positive); }
table { width: 100%; border-collapse: collapse; } th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: right; }
th:first-child { text-align: left; font-weight: normal; } thead th { color: var(--soft); font-size: 12px; font-weight: normal; }
article { margin: 0 0 12px; break-inside: avoid; } .quote { white-space: pre-line; overflow-wrap: anywhere; }
a { color: inherit; }
@media print { body { max-width: none; padding: 0; } section { break-inside: avoid; } section:last-child { break-inside: auto; } thead { display: table-header-group; } }
@media (max-width: 640px) { .figures { grid-template-columns: repeat(2, 1fr); } }
`;
