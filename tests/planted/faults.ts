/** A mistake that somebody could make, and the tests that must not let it pass. */
export interface PlantedFault {
  invariant: string;
  file: string;
  /** Exactly one place of the file. */
  find: string;
  replace: string;
  tests: readonly string[];
}

/** One mistake for each promise that the product stands on. */
export const faults: readonly PlantedFault[] = [
  {
    invariant: "identity: the same external id is the same document",
    file: "src/store/document.ts",
    find: "external_id = any(${[...externalIds]}::text[])",
    replace: "external_id = any(${[]}::text[])",
    tests: ["tests/pipeline/ingest.test.ts"],
  },
  {
    invariant: "version: an edit makes the next version",
    file: "src/pipeline/ingest/place.ts",
    find: "version: known.version + (textChanged ? 1 : 0)",
    replace: "version: known.version",
    tests: ["tests/pipeline/ingest.test.ts"],
  },
  {
    invariant: "one case: a repeat joins the open case of its cluster",
    file: "src/pipeline/case-births.ts",
    find: 'before.find(row => row.status !== "ended") ?? heir ?? planned.find(ofCluster)',
    replace: "heir",
    tests: ["tests/pipeline/ingest.test.ts"],
  },
  {
    invariant: "one claim: a case goes to one person",
    file: "src/store/case-claim.ts",
    find: "for update of c skip locked),",
    replace: "),",
    tests: ["tests/api/races.test.ts"],
  },
  {
    invariant: "cursor with data: the cursor is never ahead of the pages",
    file: "src/pipeline/collect.ts",
    find: "const at = resume === null ?",
    replace: "const at = resume !== undefined ?",
    tests: ["tests/pipeline/collect.test.ts"],
  },
  {
    invariant: "counts: the rollups equal a recount",
    file: "src/pipeline/counts.ts",
    find: "...(left ? [{ ...left, n: -1 as const }] : []),",
    replace: "",
    tests: ["tests/pipeline/rematch.test.ts"],
  },
  {
    invariant: "delivery once: a delivery under way is nobody else's",
    file: "src/store/delivery.ts",
    find: '.where("claimed_until", "<=", now)\n    .execute();',
    replace: ".execute();",
    tests: ["tests/pipeline/notify.test.ts"],
  },
  {
    invariant: "egress: private addresses are not reached",
    file: "src/net/egress.ts",
    find: 'openPorts.has(port) && checked.range() === "unicast" && !denied.some(range => isWithin(checked, range))',
    replace: "openPorts.has(port)",
    tests: ["tests/net/egress.test.ts", "tests/net/connect.test.ts"],
  },
  {
    invariant: "authorisation: a role does only what it may",
    file: "src/api/mount.ts",
    find: "assertAllowed(caller, route.allow);",
    replace: "",
    tests: ["tests/api/contract.test.ts"],
  },
  {
    invariant: "sinceSeq: no row appears below the last one read",
    file: "src/store/mention-read.ts",
    find: "seq_visible()",
    replace: "9007199254740991",
    tests: ["tests/pipeline/since-seq.test.ts"],
  },
];
