import type { ToneInput } from "#tone/define.ts";

/** Negative, neutral, positive. */
export type ClassIndex = 0 | 1 | 2;

/** One labelled text. `polar` says that its set knows no neutral texts. */
export interface Row {
  set: string;
  input: ToneInput;
  label: ClassIndex;
  polar: boolean;
  /** What the set tells beside the label: a corpus scenario, a domain of UCI. */
  group: string;
}
