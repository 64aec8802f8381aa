import { findBrowser } from "#net/browser-pool.ts";
import { installDebian } from "./debian.ts";

const configured = process.env["MOLVA_BROWSER_PATH"];

/** Chromium's program; Debian's package is installed when there is none and we may. */
export async function browserPath(): Promise<string> {
  if (configured === undefined && findBrowser(undefined) === null)
    await installDebian("no Chromium on this machine", "chromium", "fonts-dejavu-core");
  const found = findBrowser(configured);
  if (found !== null) return found;
  throw new Error("PDF needs Chromium: install Debian's package `chromium`, or set MOLVA_BROWSER_PATH");
}
