import { type EnvName, envSchema } from "#config/env.ts";

export interface Variable {
  name: EnvName;
  /** What an unset variable means, as it would be written; null where the description says it. */
  byDefault: string | null;
  meaning: string;
}

/** What config/env.ts says of every variable. */
export const variables: readonly Variable[] = Object.entries(envSchema).map(([name, schema]) => {
  const value = schema.safeParse(undefined).data;
  const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
  return { name: name as EnvName, byDefault: text === "" ? null : text, meaning: schema.description ?? "" };
});

/** The rows of a Markdown table, one per variable. */
export const environmentRows = (meaningOf: (variable: Variable) => string): string[] =>
  variables.map(
    variable =>
      `| \`${variable.name}\` | ${meaningOf(variable).replaceAll("|", "\\|")} | ${variable.byDefault === null ? "" : `\`${variable.byDefault}\``} |`,
  );
