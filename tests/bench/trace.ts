import pg from "pg";

/** Time from asking to answer of one statement, summed over a run. */
export interface StatementCost {
  statement: string;
  count: number;
  totalMs: number;
}

/**
 * Times every statement of the connections that this process opens from now on, by its first words. `take`
 * returns the sums since the last time, dearest first.
 */
export function traceStatements(): { take(): StatementCost[]; stop(): void } {
  let costs = new Map<string, StatementCost>();
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function timed(...args: unknown[]) {
    const started = performance.now();
    const answer = query.apply(this, args);
    if (answer instanceof Promise)
      void answer.then(
        () => add(args[0], performance.now() - started),
        () => {},
      );
    return answer;
  };
  const add = (asked: unknown, ms: number): void => {
    const text = typeof asked === "string" ? asked : ((asked as { text?: string }).text ?? "");
    const statement = nameOf(text);
    const cost = costs.get(statement) ?? { statement, count: 0, totalMs: 0 };
    cost.count++;
    cost.totalMs += ms;
    costs.set(statement, cost);
  };
  return {
    take: () => {
      const taken = [...costs.values()].toSorted((a, b) => b.totalMs - a.totalMs);
      costs = new Map();
      return taken;
    },
    stop: () => {
      prototype.query = query;
    },
  };
}

/** The verb and the tables: enough to find the statement in src/store. */
function nameOf(sql: string): string {
  const text = sql.replaceAll('"', "").replace(/\s+/g, " ").trim();
  const written = [...text.matchAll(/(?:insert into|update) (?!set )(\w+)/g)].map(([, table]) => table);
  if (text.startsWith("with") && written.length > 0) return `write ${written.join(", ")}`;
  const verb = /^(insert into|update|delete from|select|begin|commit)/i.exec(text)?.[1] ?? text.slice(0, 20);
  const table = /(?:insert into|update|delete from|from) (?!json_to)(\w+)/i.exec(text)?.[1] ?? "";
  const band = text.includes(" && ") ? " (re-posts)" : "";
  return `${verb} ${table}${band}`.trim();
}
