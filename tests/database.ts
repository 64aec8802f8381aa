import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { inject } from "vitest";
import { onDatabase, type Services, templateName } from "./services.ts";

/** Asks the run for one of its services; the first question starts it. */
export async function service<Name extends keyof Services>(name: Name): Promise<Services[Name]> {
  const response = await fetch(`${inject("servicesUrl")}/${name}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Services[Name];
}

const dropAttempts = 20;
const dropPauseMs = 250;

/** A migrated, empty database of the caller's own. */
export interface FreshDatabase {
  ownerUrl: string;
  appUrl: string;
  drop(): Promise<void>;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A cleaning process of the server itself may be at work in the database; only it may end that, soon. */
async function drop(ownerUrl: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await onServer(ownerUrl, `drop database ${name} with (force)`);
    } catch (error) {
      if (attempt === dropAttempts || !/permission denied to terminate process/.test(String(error)))
        throw error;
      await sleep(dropPauseMs);
    }
  }
}

/** Copies the run's template: a few tens of milliseconds. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { ownerUrl, appUrl } = await service("postgres");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(ownerUrl, `create database ${name} template ${templateName} strategy file_copy`);
  return {
    ownerUrl: onDatabase(ownerUrl, name),
    appUrl: onDatabase(appUrl, name),
    drop: () => drop(ownerUrl, name),
  };
}
