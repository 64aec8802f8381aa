import { DomHandler, Parser } from "htmlparser2";
import { TooMuchError } from "#domain/errors.ts";

/** What a page may hold; ordinary pages stay a hundred times below each of them. */
const markupLimits = { depth: 512, attributesPerTag: 256, nodes: 200_000 } as const;

export type Document = DomHandler["root"];

/** Builds the tree and stops in the middle of the input when a limit is passed, so no larger tree ever exists. */
class LimitedHandler extends DomHandler {
  readonly #xmlMode: boolean;
  #depth = 0;
  #nodes = 0;
  #attributes = 0;

  constructor(xmlMode: boolean) {
    super(undefined, { xmlMode });
    this.#xmlMode = xmlMode;
  }

  onattribute(): void {
    this.#attributes += 1;
    if (this.#attributes > markupLimits.attributesPerTag) {
      throw tooMuch(`a tag with more than ${markupLimits.attributesPerTag} attributes`);
    }
  }

  override onopentag(name: string, attributes: { [name: string]: string }): void {
    this.#attributes = 0;
    this.#depth += 1;
    if (this.#depth > markupLimits.depth) throw tooMuch(`tags nested deeper than ${markupLimits.depth}`);
    super.onopentag(name, attributes);
  }

  override onclosetag(): void {
    this.#depth -= 1;
    super.onclosetag();
  }

  override addNode(node: Parameters<DomHandler["addNode"]>[0]): void {
    this.#nodes += 1;
    if (this.#nodes > markupLimits.nodes) throw tooMuch(`more than ${markupLimits.nodes} nodes`);
    super.addNode(node);
  }

  override onprocessinginstruction(name: string, data: string): void {
    if (this.#xmlMode) refuseDeclarations(name, data);
    super.onprocessinginstruction(name, data);
  }
}

/** Parses markup into a tree within {@link markupLimits}; throws `TooMuchError` for what passes them. */
export function parseMarkup(body: string, xmlMode: boolean): Document {
  const handler = new LimitedHandler(xmlMode);
  new Parser(handler, { xmlMode }).end(body);
  return handler.root;
}

/** RSS 0.91 names an external DTD in its DOCTYPE: harmless, as nothing is fetched. An internal subset is not. */
function refuseDeclarations(name: string, data: string): void {
  const kind = name.toLowerCase();
  const declares = kind === "!entity" || (kind === "!doctype" && data.includes("["));
  if (declares) throw tooMuch("a DOCTYPE with declarations of its own");
}

function tooMuch(what: string): TooMuchError {
  return new TooMuchError(
    `The page holds ${what}; it was not read further. Check in a browser that the address shows an ordinary page.`,
  );
}
