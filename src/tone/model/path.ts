/** Where the shipped model lies; whoever makes a scorer reads it and hands in its bytes. */
export const modelUrl = new URL("./tone.bin", import.meta.url);
/** Where the model of aspects and intents lies. */
export const topicsUrl = new URL("./aspects.bin", import.meta.url);
