declare module "vader-sentiment" {
  export const SentimentIntensityAnalyzer: { polarity_scores(text: string): { compound: number } };
}

declare module "wink-sentiment" {
  export default function sentiment(text: string): { normalizedScore: number };
}

declare module "sentiment" {
  export default class Sentiment {
    analyze(text: string): { comparative: number };
  }
}

declare module "natural/lib/natural/sentiment/SentimentAnalyzer.js" {
  export default class SentimentAnalyzer {
    constructor(language: string, stemmer: unknown, vocabulary: string);
    getSentiment(words: readonly string[]): number;
  }
}
