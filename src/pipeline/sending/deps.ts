import type { AnyChannelKind, ChatApis } from "#channels/define.ts";
import type { Net } from "#net/client.ts";
import type { Deps } from "#pipeline/deps.ts";
import type { ChannelRow, DeliveryRow } from "#store/delivery.ts";

/** What sending needs. */
export type NotifyDeps = Pick<Deps, "db" | "clock" | "random" | "log" | "secrets"> &
  ChatApis & {
    net: Pick<Net, "post">;
    publicUrl: string;
    /** Prints a page as PDF; absent or null where there is no browser. */
    printPdf?: ((html: string) => Promise<Uint8Array>) | null;
    /** How long one attempt may take; 30 s unless said. */
    timeoutMs?: number;
  };

/** A delivery that this process sends, with everything about its channel. */
export interface Claimed {
  delivery: DeliveryRow;
  channel: ChannelRow;
  kind: AnyChannelKind;
  /** null: they cannot be read. */
  settings: unknown;
}

/** A receiver may be slow: a message that it took while we gave up would come twice. */
export const attemptMs = 30_000;
/** A sender that says nothing for this long is dead; longer than any attempt takes. */
export const claimedMs = 60_000;
/** The same for a report, which is read, printed and uploaded first. */
export const reportClaimedMs = 300_000;
