/** A list of the API. */
export interface List<Row> {
  items: Row[];
  nextCursor: string | null;
}

/** Calls the API with a key; anything but 2xx is thrown with its text. */
export interface Client {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: object, headers?: Record<string, string>): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
  /** All rows of a list, page by page. */
  all<Row>(path: string): Promise<Row[]>;
}

export function clientOf(url: string, key: string): Client {
  const call = async (method: string, path: string, body?: object, more = {}): Promise<never> => {
    const reply = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as never;
  };
  return {
    get: path => call("GET", path),
    post: (path, body, headers) => call("POST", path, body, headers),
    patch: (path, body) => call("PATCH", path, body),
    all: async <Row>(path: string) => {
      const rows: Row[] = [];
      let cursor = "";
      do {
        const { items, nextCursor } = (await call("GET", path + cursor)) as List<Row>;
        rows.push(...items);
        cursor = nextCursor === null ? "" : `&cursor=${encodeURIComponent(nextCursor)}`;
      } while (cursor !== "");
      return rows;
    },
  };
}
