import ipaddr from "ipaddr.js";
import { InputError } from "#domain/errors.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** What `MOLVA_EGRESS_ALLOW` opens: on these hosts and networks any port may be asked. */
export interface AllowList {
  names: ReadonlySet<string>;
  ranges: readonly Range[];
}

/** Special-purpose networks that ipaddr.js (or a part of its versions) takes for ordinary ones. */
const denied = [
  "168.63.129.16/32", // Azure's wire server
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.175.48.0/24",
  "::/96", // new URL() writes [::127.0.0.1] as [::7f00:1]
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "100:0:0:1::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
  "5f00::/16",
  "fec0::/10",
].map(parseRange);

/** Addresses that hand out credentials of the machine: AWS, ECS, EKS, Azure, GCP, Alibaba, Oracle. */
const metadata = [
  "169.254.169.254/32",
  "169.254.170.2/32",
  "169.254.170.23/32",
  "168.63.129.16/32",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fd00:ec2::254/128",
  "fd00:ec2::23/128",
  "fd20:ce::254/128",
].map(parseRange);

const metadataNames = new Set([
  "metadata",
  "metadata.google.internal",
  "instance-data",
  "instance-data.ec2.internal",
]);

/** Networks whose addresses carry an IPv4 address: in the last 32 bits, or after the first 16. */
const carriers: [Range, "last" | "after16"][] = [
  [parseRange("::/96"), "last"],
  [parseRange("::ffff:0:0:0/96"), "last"],
  [parseRange("64:ff9b::/96"), "last"],
  [parseRange("64:ff9b:1::/48"), "last"],
  [parseRange("2002::/16"), "after16"],
];

const schemePorts: Record<string, number> = { "http:": 80, "https:": 443 };
const openPorts = new Set([80, 443, 8080, 8443]);

/** Reads host names, addresses and CIDRs; throws an `InputError` that quotes what is none of them. */
export function readAllowList(entries: readonly string[]): AllowList {
  const names = new Set<string>();
  const ranges: Range[] = [];
  for (const entry of entries.map(each => each.trim()).filter(each => each !== "")) {
    if (ipaddr.isValidCIDR(entry)) ranges.push(parseRange(entry));
    else if (ipaddr.isValid(entry)) ranges.push(wholeAddress(ipaddr.process(entry)));
    else names.add(readName(entry));
  }
  return { names, ranges };
}

function readName(entry: string): string {
  const name = URL.canParse(`http://${entry}/`) ? canonicalHost(new URL(`http://${entry}/`)) : "";
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name) || /[:/@\s]/.test(entry)) {
    throw new InputError(
      `MOLVA_EGRESS_ALLOW holds "${entry}", which is neither a host name, nor an address, nor a CIDR such as 10.0.0.0/8.`,
      "MOLVA_EGRESS_ALLOW",
    );
  }
  return name;
}

/**
 * The first decision, before any name is resolved: scheme, user information, port and literal address.
 * A name on another port passes here only when it or some network is listed; `mayConnect` has the last word.
 */
export function mayAsk(url: URL, allow: AllowList): boolean {
  const port = portOf(url);
  if (port === null || url.username !== "" || url.password !== "") return false;
  const host = canonicalHost(url);
  if (metadataNames.has(host)) return false;
  if (ipaddr.isValid(host)) return mayConnect(host, host, port, allow);
  if (allow.names.has(host)) return true;
  const isLoopbackName = host === "" || host === "localhost" || host.endsWith(".localhost");
  return !isLoopbackName && (openPorts.has(port) || allow.ranges.length > 0);
}

/** The last decision, on the very address that the socket goes to; `host` is what the URL said. */
export function mayConnect(address: string, host: string, port: number, allow: AllowList): boolean {
  if (!ipaddr.isValid(address)) return false;
  const checked = ipaddr.process(address);
  if (isMetadata(checked)) return false;
  if (allow.names.has(host) || allow.ranges.some(range => isWithin(checked, range))) return true;
  return (
    openPorts.has(port) && checked.range() === "unicast" && !denied.some(range => isWithin(checked, range))
  );
}

/** Host of a URL in one spelling: no brackets, no trailing dot. */
function canonicalHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

/** Port of an http(s) URL, else null. */
function portOf(url: URL): number | null {
  const schemePort = schemePorts[url.protocol];
  if (schemePort === undefined) return null;
  return url.port === "" ? schemePort : Number(url.port);
}

function isMetadata(address: Address): boolean {
  const carried = carriedAddress(address);
  return [address, ...(carried === null ? [] : [carried])].some(each =>
    metadata.some(range => isWithin(each, range)),
  );
}

function carriedAddress(address: Address): ipaddr.IPv4 | null {
  const carrier = carriers.find(([range]) => isWithin(address, range));
  if (carrier === undefined) return null;
  const bytes = address.toByteArray();
  return new ipaddr.IPv4(carrier[1] === "last" ? bytes.slice(12, 16) : bytes.slice(2, 6));
}

function isWithin(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function parseRange(cidr: string): Range {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return [address, bits];
}

function wholeAddress(address: Address): Range {
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
