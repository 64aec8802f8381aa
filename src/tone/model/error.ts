import { MolvaError } from "#domain/errors.ts";

/** The file of the tone model is missing, cut, damaged or of another version. */
export class ModelError extends MolvaError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("tone-model", message, { retry: "never", ...options });
  }
}
