import { execFileSync } from "node:child_process";
import { findBrowser } from "#net/browser-pool.ts";

/** Chromium's program; Debian's package is installed when there is none and we may. */
export function browserPath(): string {
  const found = findBrowser(process.env["MOLVA_BROWSER_PATH"]);
  if (found !== null) return found;
  if (process.getuid?.() === 0) {
    console.log("no Chromium on this machine: installing Debian's package (apt-get install chromium)");
    const installer = "apt-get";
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (...args: string[]) => execFileSync(installer, ["-qq", ...args], { env, stdio: "pipe" });
    apt("update");
    apt("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core");
    const installed = findBrowser(undefined);
    if (installed !== null) return installed;
  }
  throw new Error("PDF needs Chromium: install Debian's package `chromium`, or set MOLVA_BROWSER_PATH");
}
