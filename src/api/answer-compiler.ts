import type { FastifySerializerCompiler } from "fastify";
import { ResponseSerializationError } from "fastify-type-provider-zod";
import { z } from "zod";
import { answerWriter } from "./answer-text.ts";

type Serialize = (data: unknown) => string;

/**
 * Compiles each route's answer schema once, when the route is mounted. An answer of another shape is a 500 and
 * never leaves. `check` has zod read every answer too, formats and lengths included, and compares what both
 * write: tests ask for it, because it costs more than all the rest of an answer.
 */
export function answerCompiler({ check }: { check: boolean }): FastifySerializerCompiler<z.ZodType> {
  return ({ schema, method, url }): Serialize => {
    const write = answerWriter(schema);
    const refuse = (cause: unknown) => new ResponseSerializationError(method, url, { cause: cause as never });
    const serialize: Serialize = data => {
      const text = write(data);
      if (text === undefined) throw refuse(z.safeEncode(schema, data as never).error);
      return text;
    };
    if (!check) return serialize;
    return data => {
      const { error, data: encoded } = z.safeEncode(schema, data as never);
      if (error) throw refuse(error);
      const text = serialize(data);
      if (text !== JSON.stringify(encoded)) throw refuse(new Error("zod writes this answer otherwise"));
      return text;
    };
  };
}
