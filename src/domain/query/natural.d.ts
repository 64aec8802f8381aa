declare module "natural/lib/natural/stemmers/porter_stemmer_ru.js" {
  const stemmer: { stem(word: string): string };
  export default stemmer;
}

declare module "natural/lib/natural/stemmers/porter_stemmer.js" {
  const stemmer: Record<"step1a" | "step1b" | "step1c" | "step5a", (word: string) => string>;
  export default stemmer;
}
