import { tmpdir } from "node:os";
import { type Browser, type BrowserContext, chromium, type Route } from "playwright-core";
import type { ProxyOptions } from "./browser-proxy.ts";
import { startBrowserProxy } from "./browser-proxy.ts";
import { type Resolve, resolveWithSystem } from "./connect.ts";
import { mayAsk, readAllowList } from "./egress.ts";

export interface BrowserOptions {
  /** Chromium's program. */
  path: string;
  /** Entries of MOLVA_EGRESS_ALLOW. */
  allow: readonly string[];
  resolve?: Resolve;
  dial?: ProxyOptions["dial"];
  timeoutMs?: number;
}

/** A running Chromium, all of whose requests pass the egress guard. Each call has a context of its own. */
export interface GuardedBrowser {
  /** A document of ours as PDF: no script runs and nothing is fetched, whatever it says. */
  pdf(html: string): Promise<Uint8Array>;
  /** A page of the web as it stands after its scripts: its HTML. */
  visit(url: string, settleMs: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Chromium resolves no name by itself and speaks to nobody but our proxy: not past it to loopback, not by UDP, and
 * not in the background.
 */
const flags = [
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--disable-quic",
  "--dns-prefetch-disable",
  "--no-pings",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
];

/** Where our own document lives while it is printed; the name exists nowhere (RFC 2606). */
const documentUrl = "http://report.invalid/";

/** Starts Chromium behind a guarded proxy. Its sandbox is off only for root, for whom Chromium refuses to start with it. */
export async function launchBrowser(options: BrowserOptions): Promise<GuardedBrowser> {
  const { path, resolve = resolveWithSystem, dial, timeoutMs = 30_000 } = options;
  const allow = readAllowList(options.allow);
  const proxy = await startBrowserProxy({ allow, resolve, ...(dial ? { dial } : {}) });
  const browser = await chromium
    .launch({
      executablePath: path,
      args: flags,
      chromiumSandbox: process.getuid?.() !== 0,
      proxy: { server: proxy.url, username: proxy.username, password: proxy.password, bypass: "<-loopback>" },
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? tmpdir(), LANG: "C.UTF-8" },
      timeout: timeoutMs,
    })
    .catch(async error => {
      await proxy.close();
      throw error;
    });
  const passes = (url: string) => URL.canParse(url) && mayAsk(new URL(url), allow);
  return {
    pdf: html => inContext(browser, { script: false, timeoutMs }, context => printed(context, html)),
    visit: (url, settleMs) =>
      inContext(browser, { script: true, timeoutMs }, context => visited(context, url, { passes, settleMs })),
    close: async () => {
      await browser.close();
      await proxy.close();
    },
  };
}

async function inContext<T>(
  browser: Browser,
  { script, timeoutMs }: { script: boolean; timeoutMs: number },
  work: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    javaScriptEnabled: script,
    serviceWorkers: "block",
    acceptDownloads: false,
    permissions: [],
  });
  context.setDefaultTimeout(timeoutMs);
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

async function printed(context: BrowserContext, html: string): Promise<Uint8Array> {
  await context.route("**/*", route =>
    route.request().url() === documentUrl && route.request().isNavigationRequest()
      ? route.fulfill({ contentType: "text/html; charset=utf-8", body: html })
      : route.abort("blockedbyclient"),
  );
  await context.routeWebSocket(/.*/, socket => socket.close());
  const page = await context.newPage();
  await page.goto(documentUrl, { waitUntil: "load" });
  return page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
}

interface Visit {
  passes: (url: string) => boolean;
  settleMs: number;
}

/** What the guard refuses by its address alone is stopped here, before the proxy sees it; names are looked at there. */
async function visited(context: BrowserContext, url: string, { passes, settleMs }: Visit): Promise<string> {
  await context.addInitScript(withoutPeers);
  await context.route("**/*", (route: Route) =>
    passes(route.request().url()) ? route.continue() : route.abort("blockedbyclient"),
  );
  await context.routeWebSocket(/.*/, socket => {
    if (passes(socket.url().replace(/^ws/, "http"))) socket.connectToServer();
    else socket.close();
  });
  const page = await context.newPage();
  page.on("download", download => void download.cancel());
  page.on("dialog", dialog => void dialog.dismiss());
  await page.goto(url, { waitUntil: "load" });
  await page.waitForTimeout(settleMs);
  return page.content();
}

/** Runs in the page: connections between browsers pass by every proxy, and no page that we read needs them. */
const withoutPeers = `for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
  Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });`;
