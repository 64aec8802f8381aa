import { addApply } from "./apply.ts";
import { addBackup } from "./backup.ts";
import type { AddCommand } from "./define.ts";
import { addDoctor } from "./doctor.ts";
import { addImport } from "./import.ts";
import { addKey } from "./key.ts";
import { addPrune } from "./prune.ts";
import { addRestore } from "./restore.ts";
import { addRotate } from "./rotate.ts";
import { addScore } from "./score.ts";
import { addSource } from "./source.ts";
import { addTone } from "./tone.ts";
import { addToneUse } from "./tone-use.ts";

/** Every command of this folder; one line each. */
export const commands: readonly AddCommand[] = [
  addApply,
  addScore,
  addSource,
  addKey,
  addDoctor,
  addImport,
  addBackup,
  addRestore,
  addPrune,
  addRotate,
  addTone,
  addToneUse,
];
