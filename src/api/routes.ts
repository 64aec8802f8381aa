import { alertChannelRoutes } from "./alert-channels.ts";
import { alertRuleRoutes } from "./alert-rules.ts";
import { alertRoutes } from "./alerts.ts";
import { annotationRoutes } from "./annotations.ts";
import { auditRoutes } from "./audit.ts";
import type { Authenticator } from "./auth.ts";
import { authorRoutes } from "./authors.ts";
import { brandRoutes } from "./brands.ts";
import type { Route } from "./define.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { departmentRoutes } from "./departments.ts";
import { exportRoutes } from "./exports.ts";
import { healthRoutes } from "./health.ts";
import { keyRoutes } from "./keys.ts";
import { mentionRoutes } from "./mentions.ts";
import { peopleRoutes } from "./people.ts";
import { queueRoutes } from "./queue.ts";
import { queueBulkRoute } from "./queue-bulk.ts";
import { queueClaimRoutes } from "./queue-claim.ts";
import { queueStepRoutes, workSteps } from "./queue-steps.ts";
import { queueWritingRoute } from "./queue-writing.ts";
import { replyRoutes, replySteps } from "./replies.ts";
import { reportScheduleRoutes } from "./report-schedules.ts";
import { reportRoutes } from "./reports.ts";
import { runRoutes } from "./runs.ts";
import { serpRoutes } from "./serp.ts";
import { silenceRoutes } from "./silences.ts";
import { sourceKindRoutes } from "./source-kinds.ts";
import { sourceRoutes } from "./sources.ts";
import { suggestionRoutes } from "./suggestions.ts";
import { templateRoutes } from "./templates.ts";
import { trendViewRoutes } from "./trend-views.ts";

/** Every declared route of the API; one line per resource. */
export const allRoutes = (auth: Authenticator): readonly Route[] => [
  ...authorRoutes,
  ...healthRoutes,
  ...brandRoutes,
  ...sourceKindRoutes,
  ...sourceRoutes,
  ...runRoutes,
  ...peopleRoutes(auth),
  ...departmentRoutes,
  ...keyRoutes(auth),
  ...auditRoutes,
  ...mentionRoutes,
  ...queueRoutes,
  ...queueClaimRoutes,
  ...queueStepRoutes,
  ...replyRoutes,
  ...suggestionRoutes,
  ...templateRoutes,
  queueBulkRoute([...workSteps, ...replySteps]),
  queueWritingRoute,
  ...trendViewRoutes,
  ...annotationRoutes,
  ...reportRoutes,
  ...serpRoutes,
  ...exportRoutes(),
  ...alertRuleRoutes,
  ...alertChannelRoutes,
  ...alertRoutes,
  ...silenceRoutes,
  ...deliveryRoutes,
  ...reportScheduleRoutes,
];
