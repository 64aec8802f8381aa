import type { RuleKind } from "#domain/alerts/kinds.ts";
import { ForbiddenError, InputError } from "#domain/errors.ts";
import { findRule, livingChannelIds } from "#store/alert-setup.ts";
import { findBrand } from "#store/brand.ts";
import type { Tx } from "#store/db.ts";
import { insertSilence, lockSilence, releaseHeld, type SilenceRow, updateSilence } from "#store/silence.ts";
import { lockSource } from "#store/source.ts";
import type { Scope } from "./desk/steps.ts";

/** An absent part of the scope stands for everything. */
export interface SilenceInput {
  brandId?: string | undefined;
  ruleId?: string | undefined;
  kind?: RuleKind | undefined;
  sourceId?: string | undefined;
  channelId?: string | undefined;
  reason: string;
  until: Date;
}

/** Has messages wait, those that wait already too; alerts are raised and stored all the same. */
export async function createSilence(
  tx: Tx,
  scope: Scope,
  input: SilenceInput,
  now: Date,
): Promise<SilenceRow> {
  const { ruleId = null, kind = null, sourceId = null, channelId = null, reason, until } = input;
  assertLater(until, now);
  const rule = ruleId === null ? undefined : await findRule(tx, ruleId);
  if (ruleId !== null && (!rule || rule.archived_at !== null))
    throw new InputError(`There is no rule ${ruleId}; GET /v1/alert-rules lists them`, "ruleId");
  if (rule && input.brandId !== undefined && input.brandId !== rule.brand_id)
    throw new InputError(`The rule ${rule.id} belongs to another brand than brandId says`, "brandId");
  const brandId = input.brandId ?? rule?.brand_id ?? null;
  await assertBrand(tx, scope, brandId);
  if (sourceId !== null && !(await lockSource(tx, sourceId)))
    throw new InputError(`There is no source ${sourceId}; GET /v1/sources lists them`, "sourceId");
  if (channelId !== null && !(await livingChannelIds(tx, [channelId])).has(channelId))
    throw new InputError(`There is no channel ${channelId}; GET /v1/alert-channels lists them`, "channelId");
  return insertSilence(tx, {
    brand_id: brandId,
    rule_id: ruleId,
    kind,
    source_id: sourceId,
    channel_id: channelId,
    reason,
    until,
    created_by: scope.actor.personId,
    created_at: now,
  });
}

/** A key of some brands silences one of them, never all. */
async function assertBrand(tx: Tx, { brandIds }: Scope, brandId: string | null): Promise<void> {
  if (brandId === null) {
    if (brandIds === null) return;
    throw new ForbiddenError(
      "This key sees some brands; give brandId, so that the silence is for one of them",
    );
  }
  const brand = brandIds === null || brandIds.includes(brandId) ? await findBrand(tx, brandId) : undefined;
  if (!brand) throw new InputError(`There is no brand ${brandId}; GET /v1/brands lists them`, "brandId");
}

function assertLater(until: Date, now: Date): void {
  if (until > now) return;
  throw new InputError(`until is ${until.toISOString()}; expected a time that is still to come`, "until");
}

/** Makes a silence longer or shorter, or its reason clearer; undefined for one that has ended or is unknown. */
export async function changeSilence(
  tx: Tx,
  id: string,
  { reason, until }: { reason?: string | undefined; until?: Date | undefined },
  now: Date,
): Promise<SilenceRow | undefined> {
  const before = await lockSilence(tx, id);
  if (!before) return undefined;
  if (until !== undefined) assertLater(until, now);
  const after = await updateSilence(tx, id, {
    ...(reason === undefined ? {} : { reason }),
    ...(until === undefined ? {} : { until }),
    updated_at: now,
  });
  // Whoever sends looks again, and holds it back until the new end.
  if (until !== undefined && until < before.until) await releaseHeld(tx, id, now);
  return after;
}

/** Ends a silence: what it held leaves, unless something else holds it. False for one that has ended or is unknown. */
export async function endSilence(tx: Tx, id: string, now: Date): Promise<boolean> {
  if (!(await lockSilence(tx, id))) return false;
  await updateSilence(tx, id, { ended_at: now, updated_at: now });
  await releaseHeld(tx, id, now);
  return true;
}
