/** Where the shipped model lies; whoever makes a scorer reads it and hands in its bytes. */
export const modelUrl = new URL("./tone.bin", import.meta.url);
