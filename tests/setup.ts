import type { TestProject } from "vitest/node";
import { openServices } from "./services.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where test files ask for PostgreSQL and Redis. */
    servicesUrl: string;
    /** A folder of this run, removed at its end. */
    runDir: string;
  }
}

/** Runs once before all tests; what it returns runs once after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const services = await openServices();
  project.provide("servicesUrl", services.url);
  project.provide("runDir", services.runDir);
  return services.close;
}
