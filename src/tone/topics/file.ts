import { ModelError } from "#tone/model/error.ts";
import { isSealed, seal, sealBytes } from "#tone/model/seal.ts";
import { aspectNames, columnCount, flagNames } from "./outputs.ts";
import { rowCount } from "./rows.ts";
import type { ToneWeights } from "./tone.ts";

/** Grows when a reader of the former form could not read the new one. */
const topicForm = 2;
const magic = "molva-topics\n";
const preambleBytes = magic.length + 8;

/** What the file says beside the weights of words. */
export interface TopicFacts {
  version: string;
  aspects: readonly string[];
  flags: readonly string[];
  /** By column: what a step of a weight counts, and what is added. */
  steps: readonly number[];
  bias: readonly number[];
  /** What the rest of a sentence counts beside a clause's own words. */
  around: number;
  tone: ToneWeights;
  said: readonly number[];
  /** An aspect is told with a tone from this chance on. */
  saidFrom: number;
  flagWeights: readonly (readonly number[])[];
  /** By flag the chance from which it is told; above 1 it never is. */
  flagFrom: readonly number[];
  learned: readonly string[];
}

/** Weights of aspects, clause tones and intents; `weights` has a row of `columnCount` steps per feature. */
export interface TopicModel {
  facts: TopicFacts;
  weights: Int8Array;
}

/** The bytes of a model: what it is, its facts as JSON, its weights, and a hash of all that. */
export function writeTopics({ facts, weights }: TopicModel): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(facts));
  const bytes = new Uint8Array(preambleBytes + json.length + weights.length + sealBytes);
  bytes.set(new TextEncoder().encode(magic));
  const view = new DataView(bytes.buffer);
  view.setUint32(magic.length, topicForm, true);
  view.setUint32(magic.length + 4, json.length, true);
  bytes.set(json, preambleBytes);
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.length), preambleBytes + json.length);
  return seal(bytes);
}

const again = "Fetch the file of this version of Molva again, or train one with `molva tone train`.";
const fail = (what: string): never => {
  throw new ModelError(`The model of aspects and intents ${what}. ${again}`);
};

/** Reads a model; throws ModelError when the bytes are cut, changed, no model, or one of another version. */
export function readTopics(bytes: Uint8Array): TopicModel {
  const name = new TextDecoder().decode(bytes.subarray(0, magic.length));
  if (bytes.length < preambleBytes || name !== magic) fail(`is no model file (${bytes.length} bytes)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const form = view.getUint32(magic.length, true);
  if (form !== topicForm) fail(`has form ${form}; this version of Molva reads form ${topicForm}`);
  const jsonBytes = view.getUint32(magic.length + 4, true);
  const size = rowCount * columnCount;
  const whole = preambleBytes + jsonBytes + size + sealBytes;
  if (bytes.length !== whole) fail(`has ${bytes.length} bytes instead of ${whole}`);
  if (!isSealed(bytes)) fail("is damaged: its hash does not fit its content");
  const at = preambleBytes + jsonBytes;
  const facts = JSON.parse(new TextDecoder().decode(bytes.subarray(preambleBytes, at))) as TopicFacts;
  if (`${facts.aspects}/${facts.flags}` !== `${aspectNames}/${flagNames}`)
    fail("knows other aspects or intents than this version");
  return { facts, weights: new Int8Array(bytes.buffer, bytes.byteOffset + at, size) };
}
