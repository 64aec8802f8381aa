import { InputError } from "#domain/errors.ts";
import type { AnyChannelKind } from "./define.ts";
import { slack } from "./slack.ts";
import { telegram } from "./telegram.ts";
import { webhook } from "./webhook.ts";

/** Every channel kind there is: one file, one line here. */
export const channelKinds: readonly AnyChannelKind[] = [slack, telegram, webhook];

/** The kind of that id; an unknown id is an InputError that names the known ones. */
export function findChannelKind(id: string): AnyChannelKind {
  const kind = channelKinds.find(candidate => candidate.id === id);
  if (kind !== undefined) return kind;
  const known = channelKinds.map(candidate => candidate.id).join(", ");
  throw new InputError(`Unknown channel kind "${id.slice(0, 100)}". Expected one of: ${known}.`, "kind");
}
