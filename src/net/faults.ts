import { MolvaError } from "#domain/errors.ts";

/** The address is not one we may ask. Always the same text, so that it tells nothing about the network behind us. */
export class EgressError extends MolvaError {
  constructor() {
    super(
      "egress-refused",
      "This address may not be asked: Molva asks only http and https addresses without a name and password, on public " +
        "hosts and on ports 80, 443, 8080 and 8443. List an own host or network in MOLVA_EGRESS_ALLOW to open it.",
      { retry: "never" },
    );
  }
}

export type TransportFault = "timeout" | "unreachable" | "broken-reply" | "redirects";

/** The exchange itself failed: no connection, silence, a cut or undecodable stream, redirects without an end. */
export class TransportError extends MolvaError {
  readonly fault: TransportFault;

  constructor(fault: TransportFault, message: string, options: { cause?: unknown } = {}) {
    super(`transport-${fault}`, message, { retry: "backoff", ...options });
    this.fault = fault;
  }
}
