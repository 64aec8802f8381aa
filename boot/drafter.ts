import type { Env } from "#config/env.ts";
import type { Net } from "#net/client.ts";
import { createDrafter, type Drafter } from "#pipeline/desk/draft-model.ts";

/** The model that drafts answers, or null where none is configured. */
export function drafterOf(env: Env, net: Net): Drafter | null {
  const { MOLVA_DRAFT_URL: url, MOLVA_DRAFT_KEY: key = null, MOLVA_DRAFT_MODEL: model } = env;
  return url === undefined || model === undefined ? null : createDrafter(net.post, { url, key, model });
}
