import { describe, expect, it } from "vitest";
import { InputError } from "#domain/errors.ts";
import { mayAsk, mayConnect, readAllowList } from "#net/egress.ts";

const allow = readAllowList([
  "10.0.0.0/8",
  " forum.internal ",
  "fd00::/8",
  "64:ff9b::/96",
  "169.254.0.0/16",
  "metadata.google.internal",
  "",
]);
const nothing = readAllowList([]);
const asks = (url: string, list = allow): boolean => mayAsk(new URL(url), list);

describe("MOLVA_EGRESS_ALLOW", () => {
  it("opens its hosts and networks on any port", () => {
    expect(asks("http://10.1.2.3:6379/")).toBe(true);
    expect(asks("http://forum.internal:8181/")).toBe(true);
    expect(asks("http://FORUM.internal.:8181/")).toBe(true);
    expect(mayConnect("10.9.9.9", "anything.test", 5432, allow)).toBe(true);
    expect(mayConnect("::ffff:10.9.9.9", "anything.test", 5432, allow)).toBe(true);
    expect(mayConnect("192.168.0.1", "forum.internal", 8181, allow)).toBe(true);
  });

  it("opens nothing else", () => {
    expect(asks("http://11.1.2.3:6379/")).toBe(false);
    expect(asks("http://sub.forum.internal:22/", readAllowList(["forum.internal"]))).toBe(false);
    expect(mayConnect("192.168.0.1", "other.internal", 80, allow)).toBe(false);
    expect(asks("ftp://10.1.2.3/")).toBe(false);
    expect(asks("http://name:secret@10.1.2.3/")).toBe(false);
  });

  it.each([
    "169.254.169.254",
    "169.254.170.2",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fd00:ec2::254",
  ])("never opens the metadata address %s", address => {
    expect(mayConnect(address, "forum.internal", 80, allow)).toBe(false);
    expect(mayConnect(address, address, 80, allow)).toBe(false);
  });

  it("never opens a metadata name", () => {
    expect(asks("http://metadata.google.internal/")).toBe(false);
  });

  it.each(["10.0.0.0/33", "http://forum.internal", "forum.internal:80", "a b", "*.internal", "name@host"])(
    "refuses %j by name",
    entry => {
      expect(() => readAllowList([entry])).toThrow(InputError);
      expect(() => readAllowList([entry])).toThrow(JSON.stringify(entry));
    },
  );

  it("takes an international name in either spelling", () => {
    expect(asks("http://xn--e1afmkfd.xn--80akhbyknj4f:81/", readAllowList(["пример.испытание"]))).toBe(true);
  });
});

describe("without a list", () => {
  it("only usual ports of public hosts are open", () => {
    expect([80, 443, 8080, 8443].every(port => asks(`http://forum.test:${port}/`, nothing))).toBe(true);
    expect(asks("http://forum.test:8081/", nothing)).toBe(false);
    expect(mayConnect("93.184.215.14", "forum.test", 443, nothing)).toBe(true);
    expect(mayConnect("fe80::1%eth0", "forum.test", 443, nothing)).toBe(false);
    expect(mayConnect("not an address", "forum.test", 443, nothing)).toBe(false);
  });
});
