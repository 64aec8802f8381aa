import { connect } from "node:net";
import ipaddr from "ipaddr.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNet, type Net } from "#net/client.ts";
import { type Dial, dialWithin } from "#net/connect.ts";
import { mayConnect, readAllowList } from "#net/egress.ts";
import { EgressError, TransportError } from "#net/faults.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { startListener, startSite } from "./listener.ts";

interface Case {
  url: string;
  why: string;
  class: string;
  expect: "block" | "allow";
  stubDns?: string[];
  stubDnsSequence?: string[][];
  redirect?: { status: number; location: string };
}

const fast = { startMs: 0, minMs: 0, maxMs: 0, maxWaitMs: 1000 };
const publicAddress = "93.184.215.14";

describeShared("egress suite", "suites/ssrf/bypass-urls.json", () => {
  const cases = readSharedJson<Case[]>("suites/ssrf/bypass-urls.json");
  const blocked = cases.filter(each => each.expect === "block" && each.class !== "browser");
  const allowed = cases.filter(each => each.expect === "allow");
  let listener: Awaited<ReturnType<typeof startListener>>;

  beforeAll(async () => {
    listener = await startListener();
  });
  afterAll(() => listener.stop());

  it("holds the 151 cases that need no browser and the 14 to allow", () => {
    expect([blocked.length, allowed.length]).toEqual([151, 14]);
  });

  /** A client whose names have stub answers; loopback is dialled for real, other addresses are only noted. */
  function startGuarded(
    testCase: Case,
    redirecting: string | null,
  ): { net: Net; dialled: string[][]; asked: string[] } {
    const dialled: string[][] = [];
    const asked: string[] = [];
    const sequence = [...(testCase.stubDnsSequence ?? [])];
    const dial: Dial = (target, addresses, callback) => {
      dialled.push([...addresses]);
      if (target.hostname === "allowed.test" && redirecting !== null) {
        const socket = connect(Number(new URL(redirecting).port), "127.0.0.1", () => callback(null, socket));
      } else if (addresses.every(address => ipaddr.process(address).range() === "loopback")) {
        dialWithin(1000)(target, addresses, callback);
      } else callback(new Error("noted, not dialled"), null);
    };
    const resolve = async (host: string): Promise<string[]> => {
      asked.push(host);
      return sequence.shift() ?? testCase.stubDns ?? [publicAddress];
    };
    const net = createNet({
      allow: ["allowed.test"],
      userAgent: "Molva/0",
      contact: "https://molva.test/",
      paceOf: () => fast,
      timeoutMs: 3000,
      resolve,
      dial,
    });
    return { net, dialled, asked };
  }

  const filled = (text: string): string =>
    text.replaceAll("{PORT}", String(listener.port)).replaceAll("{ALLOWED}", "allowed.test");

  async function outcomeOf(
    testCase: Case,
  ): Promise<{ error: unknown; dialled: string[][]; asked: string[] }> {
    const { redirect } = testCase;
    const site = redirect
      ? await startSite((_request, response) =>
          response.writeHead(redirect.status, { location: filled(redirect.location) }).end(),
        )
      : null;
    const { net, dialled, asked } = startGuarded(testCase, site?.url ?? null);
    const error = await net.fetch({ url: filled(testCase.url) }).then(
      () => null,
      (reason: unknown) => reason,
    );
    await net.close();
    await site?.stop();
    return { error, dialled, asked };
  }

  it.each(blocked.filter(each => each.stubDnsSequence === undefined))(
    "refuses $url: $why",
    async testCase => {
      const { error } = await outcomeOf(testCase);
      expect(error).toBeInstanceOf(EgressError);
      expect((error as EgressError).message).toBe(new EgressError().message);
      expect(listener.seen).toEqual({ connections: 0, bytes: 0 });
    },
  );

  it.each(blocked.filter(each => each.stubDnsSequence !== undefined))(
    "resolves $url once and goes there",
    async testCase => {
      const { dialled, asked } = await outcomeOf(testCase);
      expect(asked).toHaveLength(1);
      expect(dialled).toEqual([[publicAddress]]);
      expect(listener.seen).toEqual({ connections: 0, bytes: 0 });
    },
  );

  it.each(allowed)("lets $url pass: $why", async testCase => {
    const { error, dialled } = await outcomeOf(testCase);
    expect(error).toBeInstanceOf(TransportError);
    expect(dialled).toHaveLength(1);
  });

  it("would be reached if the guard let a loopback address pass", async () => {
    const site = await startSite((_request, response) => response.end("reached"));
    const net = createNet({
      allow: ["127.0.0.0/8"],
      userAgent: "Molva/0",
      contact: "https://molva.test/",
      paceOf: () => fast,
    });
    const reply = await net.fetch({ url: site.url });
    expect(Buffer.from(reply.body).toString()).toBe("reached");
    await net.close();
    await site.stop();
  });
});

describeShared("special-purpose ranges", "suites/ssrf/ip-ranges.json", () => {
  const { deny } = readSharedJson<{ deny: Record<string, string> }>("suites/ssrf/ip-ranges.json");
  const cidrs = Object.keys(deny);
  const nothing = readAllowList([]);
  const isDenied = (address: string): boolean => !mayConnect(address, address, 443, nothing);
  const inSome = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
    cidrs.some(cidr => {
      const [network, bits] = ipaddr.parseCIDR(cidr);
      return network.kind() === address.kind() && address.match(network, bits);
    });

  describe.each(cidrs)("%s", cidr => {
    const { first, last, before, after } = edgesOf(cidr);

    it("is denied from its first to its last address", () => {
      expect([first, last].filter(address => !isDenied(address.toString()))).toEqual([]);
    });

    it("ends where it ends", () => {
      const neighbours = [before, after].filter(each => each !== null && !inSome(each));
      expect(neighbours.filter(address => isDenied(String(address)))).toEqual([]);
    });

    it("is denied inside IPv6 forms as well", () => {
      const ends = first.kind() === "ipv4" ? [first, last] : [];
      const forms = ends.flatMap(address => {
        const [a = 0, b = 0, c = 0, d = 0] = address.toByteArray();
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        return [`::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::`];
      });
      expect(forms.filter(form => !isDenied(form))).toEqual([]);
    });
  });
});

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function edgesOf(cidr: string): {
  first: Address;
  last: Address;
  before: Address | null;
  after: Address | null;
} {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  const bytes = network.toByteArray();
  const size = BigInt(bytes.length * 8);
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const last = first + (1n << (size - BigInt(bits))) - 1n;
  const at = (value: bigint): Address | null => {
    if (value < 0n || value >= 1n << size) return null;
    return ipaddr.fromByteArray(
      bytes.map((_byte, index) => Number((value >> BigInt(8 * (bytes.length - 1 - index))) & 255n)),
    );
  };
  return { first: at(first)!, last: at(last)!, before: at(first - 1n), after: at(last + 1n) };
}
