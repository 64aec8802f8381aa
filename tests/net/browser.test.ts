import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GuardedBrowser, launchBrowser } from "#net/browser.ts";
import { createPrinter } from "#net/browser-pool.ts";
import { startBrowserProxy } from "#net/browser-proxy.ts";
import { readAllowList } from "#net/egress.ts";
import { browserPath } from "#tests/browser.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { startListener } from "./listener.ts";

let path: string;
let listener: Awaited<ReturnType<typeof startListener>>;
/** What the allowed host answers. */
let page = "";
let asked: string[] = [];
const site = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
});

beforeAll(async () => {
  path = await browserPath();
  listener = await startListener();
  await new Promise<void>(resolve => site.listen(0, "127.0.0.1", resolve));
}, 300_000);
afterAll(async () => {
  site.close();
  await listener.stop();
});

const sitePort = () => (site.address() as AddressInfo).port;
/** allowed.test stands for a public site: it has a public address, and is dialled here. */
const open = (addresses: readonly string[] = ["93.184.215.14"]): Promise<GuardedBrowser> =>
  launchBrowser({
    path,
    allow: [],
    resolve: async () => addresses,
    dial: () => connect(sitePort(), "127.0.0.1"),
  });

const settleMs = 700;
const filled = (text: string) =>
  text.replaceAll("{PORT}", String(listener.port)).replaceAll("{ALLOWED}", "allowed.test");

/** What a page of an allowed host tries, and how often something reached the listener. */
async function attempt(browser: GuardedBrowser, url: string, body: string): Promise<number> {
  page = filled(body);
  asked = [];
  const before = listener.seen.connections;
  await browser.visit(filled(url), settleMs).catch(() => null);
  expect(asked.length).toBeGreaterThan(0);
  return listener.seen.connections - before;
}

describe("a page in the browser", () => {
  let browser: GuardedBrowser;
  beforeAll(async () => {
    browser = await open();
  });
  afterAll(() => browser.close());

  it("is read as its scripts leave it", async () => {
    page = "<p id=a></p><script>document.querySelector('#a').textContent = 'Волна'</script>";
    expect(await browser.visit("http://allowed.test/", 0)).toContain('<p id="a">Волна</p>');
  });

  it.each([
    [
      "a service worker's script",
      "<script>navigator.serviceWorker?.register('http://127.0.0.1:{PORT}/sw.js')</script>",
    ],
    [
      "a form that sends itself",
      "<form action=http://127.0.0.1:{PORT}/><script>document.forms[0].submit()</script></form>",
    ],
    ["a window", "<script>open('http://127.0.0.1:{PORT}/')</script>"],
    ["a download", "<a download href=http://127.0.0.1:{PORT}/ id=a>x</a><script>a.click()</script>"],
    ["an event source", "<script>new EventSource('http://localhost:{PORT}/')</script>"],
    ["a name of this machine", "<img src=http://localhost:{PORT}/x><img src=http://[::1]:{PORT}/x>"],
    [
      "a worker",
      "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('http://127.0.0.1:{PORT}/')\"])))</script>",
    ],
  ])("reaches nothing private by %s", async (_, body) => {
    expect(await attempt(browser, "http://allowed.test/sub", body)).toBe(0);
  });

  it("would reach it if the guard let loopback pass, so the refusals above are the guard's", async () => {
    const open_ = await launchBrowser({ path, allow: ["127.0.0.0/8"] });
    const before = listener.seen.connections;
    await open_.visit(filled("http://127.0.0.1:{PORT}/"), 0).catch(() => null);
    await open_.close();
    expect(listener.seen.connections).toBeGreaterThan(before);
  });

  it("goes nowhere when its name means a private address, though it was not one that we were given", async () => {
    const rebound = await open(["127.0.0.1"]);
    asked = [];
    await rebound.visit("http://rebind.test/", 0).catch(() => null);
    await rebound.close();
    expect(asked).toEqual([]);
  });
});

describeShared("browser cases of the egress suite", "suites/ssrf/bypass-urls.json", () => {
  interface Case {
    url: string;
    class: string;
    body: string;
  }
  const cases = readSharedJson<Case[]>("suites/ssrf/bypass-urls.json").filter(
    each => each.class === "browser",
  );
  let browser: GuardedBrowser;
  beforeAll(async () => {
    browser = await open();
  });
  afterAll(() => browser.close());

  it("are nine", () => {
    expect(cases).toHaveLength(9);
  });

  it.each(cases)("$body reaches nothing", async ({ url, body }) => {
    const { bytes } = listener.seen;
    expect(await attempt(browser, url, body)).toBe(0);
    expect(listener.seen.bytes).toBe(bytes);
  });

  it.each(cases)("$body reaches nothing from a document that is printed", async ({ body }) => {
    const before = listener.seen.connections;
    const pdf = await browser.pdf(`<!doctype html><p>Отчёт</p>${filled(body)}`);
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe("%PDF-");
    expect(listener.seen.connections).toBe(before);
  });
});

describe("the browser's proxy", () => {
  it("answers nobody without its password, and dials nothing that the guard refuses", async () => {
    const dialled: string[] = [];
    const proxy = await startBrowserProxy({
      allow: readAllowList([]),
      resolve: async () => ["10.0.0.1"],
      dial: address => {
        dialled.push(address);
        return connect(sitePort(), "127.0.0.1");
      },
    });
    const through = (line: string, key = "") =>
      new Promise<string>(resolve => {
        let text = "";
        const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
        socket.on("data", part => {
          text += part;
          socket.end();
        });
        socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""));
        socket.write(`${line} HTTP/1.1\r\nhost: x\r\n${key}\r\n`);
      });
    const basic = Buffer.from(`${proxy.username}:${proxy.password}`).toString("base64");
    const key = `proxy-authorization: Basic ${basic}\r\n`;
    expect(await through("GET http://allowed.test/")).toContain("407");
    expect(await through("CONNECT allowed.test:443")).toContain("407");
    for (const line of [
      "GET http://inside.test/",
      "GET http://127.0.0.1/",
      "GET file:///etc/passwd",
      "CONNECT inside.test:443",
      "CONNECT 169.254.169.254:80",
      "CONNECT allowed.test:25",
    ])
      expect([line, await through(line, key)]).toEqual([line, expect.stringContaining("403")]);
    await proxy.close();
    expect(dialled).toEqual([]);
  });
});

describe("printing", () => {
  it("without Chromium says what is missing and what needs none", async () => {
    const printer = createPrinter({ path: null, allow: [] });
    await expect(printer.pdf("<p>x")).rejects.toThrow("PDF needs Chromium");
    await printer.close();
  });

  it("happens in a process that knows no secret, and starts anew after it has died", async () => {
    const printer = createPrinter({ path, allow: [] });
    expect((await printer.pdf("<p>Отчёт")).subarray(0, 5).toString()).toBe("%PDF-");
    await printer.close();
    expect((await printer.pdf("<p>Отчёт")).subarray(0, 5).toString()).toBe("%PDF-");
    await printer.close();
  }, 60_000);
});
