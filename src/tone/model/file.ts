import { type Block, blockNames, pairCount } from "./blocks.ts";
import { ModelError } from "./error.ts";
import { isSealed, seal, sealBytes } from "./seal.ts";

/** Grows when a reader of the former form could not read the new one. */
const formVersion = 5;
const magic = "molva-tone\n";
const preambleBytes = magic.length + 12;

/** How a family of kinds turns logits into probabilities and a label. */
export interface Manner {
  /** Logits are divided by this before the biases are added: then they are calibrated. */
  temperature: number;
  /** Added to (polarity, decidedness), in logits. */
  bias: number;
  /** What negative and positive are ahead of neutral by (logits) when the label is chosen, and only then. */
  negativeLead: number;
  positiveLead: number;
}

/** `targeted` is news that names the brand, `unknown` a text of no known kind; foreign is what is not Russian. */
export const families = ["review", "foreignReview", "social", "news", "targeted", "unknown"] as const;
export type Family = (typeof families)[number];

/** What the file says beside the weights. */
export interface ModelFacts {
  /** Changes with every training that changes a weight. */
  version: string;
  /** The lexicon that the features were made with. */
  lexicon: string;
  /** By block: units of 1/65536 logit per step of a weight. */
  steps: Readonly<Record<Block, number>>;
  lengthFloor: number;
  lengthPower: number;
  manners: Readonly<Record<Family, Manner>>;
  /** Polarity (logit units) of one to five stars beside a text. */
  stars: readonly number[];
  /** The same of stars without a text. */
  starsAlone: readonly number[];
  /** Text polarity (logit units) that contradicts stars of the other side. */
  conflictFrom: number;
  /** The sets that were learned from. */
  learned: readonly string[];
}

/**
 * A model read and checked: `pairs` are (polarity, decidedness) steps by feature, `vocabulary` is the lexicon
 * that the features were made with, compiled and packed.
 */
export interface Model {
  facts: ModelFacts;
  pairs: Int8Array;
  vocabulary: Uint8Array;
}

/** The bytes of a model: what it is, its facts as JSON, its vocabulary, its weights, and a hash of all that. */
export function writeModel({ facts, pairs, vocabulary }: Model): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(facts));
  const weights = new Uint8Array(pairs.buffer, pairs.byteOffset, pairs.length);
  const whole = preambleBytes + json.length + vocabulary.length + weights.length + sealBytes;
  const bytes = new Uint8Array(whole);
  bytes.set(new TextEncoder().encode(magic));
  const view = new DataView(bytes.buffer);
  view.setUint32(magic.length, formVersion, true);
  view.setUint32(magic.length + 4, json.length, true);
  view.setUint32(magic.length + 8, vocabulary.length, true);
  bytes.set(json, preambleBytes);
  bytes.set(vocabulary, preambleBytes + json.length);
  bytes.set(weights, preambleBytes + json.length + vocabulary.length);
  return seal(bytes);
}

const again = "Fetch the file of this version of Molva again, or train one with `molva tone train`.";

/** Reads a model; throws ModelError when the bytes are cut, changed, no model, or one of another version. */
export function readModel(bytes: Uint8Array): Model {
  if (bytes.length < preambleBytes || new TextDecoder().decode(bytes.subarray(0, magic.length)) !== magic)
    throw new ModelError(`The tone model is no model file (${bytes.length} bytes). ${again}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const form = view.getUint32(magic.length, true);
  if (form !== formVersion)
    throw new ModelError(
      `The tone model has form ${form}; this version of Molva reads form ${formVersion}. ${again}`,
    );
  const jsonBytes = view.getUint32(magic.length + 4, true);
  const vocabularyBytes = view.getUint32(magic.length + 8, true);
  const weightsAt = preambleBytes + jsonBytes + vocabularyBytes;
  const whole = weightsAt + 2 * pairCount + sealBytes;
  if (bytes.length !== whole)
    throw new ModelError(`The tone model has ${bytes.length} bytes instead of ${whole}. ${again}`);
  if (!isSealed(bytes))
    throw new ModelError(`The tone model is damaged: its hash does not fit its content. ${again}`);
  const json = new TextDecoder().decode(bytes.subarray(preambleBytes, preambleBytes + jsonBytes));
  const facts = JSON.parse(json) as ModelFacts;
  const missing = blockNames.filter(name => facts.steps[name] === undefined);
  if (missing.length > 0)
    throw new ModelError(`The tone model lacks the block ${missing.join(", ")}. ${again}`);
  return {
    facts,
    pairs: new Int8Array(bytes.buffer, bytes.byteOffset + weightsAt, 2 * pairCount),
    vocabulary: bytes.subarray(preambleBytes + jsonBytes, weightsAt),
  };
}
