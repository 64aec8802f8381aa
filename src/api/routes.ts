import type { Authenticator } from "./auth.ts";
import { brandRoutes } from "./brands.ts";
import type { Route } from "./define.ts";
import { mentionRoutes } from "./mentions.ts";

/** Every declared route of the API; one line per resource. */
export const allRoutes = (_auth: Authenticator): readonly Route[] => [
  ...brandRoutes,
  ...mentionRoutes,
];
