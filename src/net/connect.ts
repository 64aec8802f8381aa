import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { type AllowList, mayConnect } from "./egress.ts";
import { EgressError, TransportError } from "./faults.ts";

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Opens a socket to one of `addresses`, all of which are checked already. */
export type Dial = (
  target: buildConnector.Options,
  addresses: readonly string[],
  callback: buildConnector.Callback,
) => void;

/** Answers of the system's resolver, IPv4 and IPv6 in its own order. */
export const resolveWithSystem: Resolve = async host => {
  const answers = await lookup(host, { all: true, verbatim: true });
  return answers.map(answer => answer.address);
};

/**
 * Undici's way to a socket with the guard in it: the name is resolved once, every answer is checked, and the socket
 * can only go to a checked address, so neither a literal address nor a second DNS answer slips past.
 */
export function guardedConnector(options: {
  allow: AllowList;
  resolve: Resolve;
  dial: Dial;
}): buildConnector.connector {
  return (target, callback) => {
    checkedAddresses(target, options).then(
      addresses => options.dial(target, addresses, callback),
      (error: Error) => callback(error, null),
    );
  };
}

async function checkedAddresses(
  target: buildConnector.Options,
  { allow, resolve }: { allow: AllowList; resolve: Resolve },
): Promise<readonly string[]> {
  const host = target.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const port = Number(target.port || (target.protocol === "https:" ? 443 : 80));
  const addresses = isIP(host) === 0 ? await resolveOrExplain(host, resolve) : [host];
  if (!addresses.every(address => mayConnect(address, host, port, allow))) throw new EgressError();
  return addresses;
}

async function resolveOrExplain(host: string, resolve: Resolve): Promise<readonly string[]> {
  const addresses = await resolve(host).catch((cause: unknown) => {
    throw new TransportError(
      "unreachable",
      `The host name ${host} could not be resolved. Check its spelling.`,
      { cause },
    );
  });
  if (addresses.length > 0) return addresses;
  throw new TransportError("unreachable", `The host name ${host} has no address. Check its spelling.`);
}

/** Dials with Node's own race between IPv4 and IPv6; TLS still asks for and verifies the name. */
export function dialWithin(connectTimeoutMs: number): Dial {
  return (target, addresses, callback) => {
    const answers = addresses.map(address => ({ address, family: isIP(address) }));
    const answerAgain: LookupFunction = (_host, options, answer) => {
      const first = answers[0];
      if (options.all === true || first === undefined) answer(null, answers);
      else answer(null, first.address, first.family);
    };
    buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: answerAgain })(target, callback);
  };
}
