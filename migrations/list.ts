import ground from "#migrations/0001-ground.ts";
import desk from "#migrations/0002-desk.ts";
import tone from "#migrations/0003-tone.ts";
import trends from "#migrations/0004-trends.ts";
import alerts from "#migrations/0005-alerts.ts";
import chats from "#migrations/0006-chats.ts";
import reports from "#migrations/0007-reports.ts";
import serp from "#migrations/0008-serp.ts";
import type { Migration } from "#migrations/define.ts";

/** Every migration in its order; a new file is added at the end and never changed once released. */
export const migrations: readonly Migration[] = [ground, desk, tone, trends, alerts, chats, reports, serp];
