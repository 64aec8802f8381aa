import { writeFileSync } from "node:fs";
import { pages, root } from "./pages.ts";

for (const [path, text] of Object.entries(await pages())) writeFileSync(root + path, text);
