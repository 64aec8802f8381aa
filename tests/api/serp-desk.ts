import type { Api } from "./app.ts";

/** A source of search results that looks at Moscow's from a desk. */
export const makeSearchSource = (api: Api, brandId: string): Promise<string> =>
  api.world.makeSource([brandId], {
    kind: "yandex-search",
    settings: { queries: ["волна"], regions: [213], devices: ["desktop"] },
  });
