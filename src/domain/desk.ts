import { z } from "zod";
import { priorityWeightsSchema } from "./priority.ts";
import { answersSchema, approvalSchema } from "./reply/rules.ts";

/** How a brand's answers are worked on; a part that is absent is as the program would have it. */
export const deskSchema = z.strictObject({
  priorityWeights: priorityWeightsSchema.describe("what makes a case urgent for this brand").optional(),
  autoAssign: z
    .boolean()
    .describe("open cases are given to who can answer them and has room, the least loaded first")
    .optional(),
  approval: approvalSchema.optional(),
  answers: answersSchema.optional(),
});
export type Desk = z.infer<typeof deskSchema>;
