import { launchBrowser } from "./browser.ts";
import type { BrowserAnswer, BrowserTask } from "./browser-pool.ts";

/* The entry of the browser's process: it holds no secret of ours, so a page that breaks out finds none. */

const [path = "", ...allow] = process.argv.slice(2);
const browser = launchBrowser({ path, allow });

process.on("message", (task: BrowserTask) => {
  const tell = (answer: BrowserAnswer) => void process.send?.(answer);
  browser
    .then(open => open.pdf(task.html))
    .then(
      pdf => tell({ id: task.id, pdf: Buffer.from(pdf).toString("base64") }),
      (error: unknown) =>
        tell({ id: task.id, problem: error instanceof Error ? error.message : String(error) }),
    );
});
process.on("disconnect", () => {
  void browser
    .then(open => open.close())
    .catch(() => undefined)
    .finally(() => process.exit(0));
});
