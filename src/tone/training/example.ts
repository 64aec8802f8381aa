import type { KindBlock } from "./expand.ts";
import type { ClassIndex } from "./rows.ts";

/** One text to learn from: its number in the encoding, its class, its kind's block, what it counts. */
export interface Example {
  text: number;
  label: ClassIndex;
  block: KindBlock;
  weight: number;
  /** The choice is between negative and positive alone. */
  polar: boolean;
}
