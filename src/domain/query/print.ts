import type { PhraseNode, QueryNode, WordNode } from "#domain/query/ast.ts";

const printWord = ({ text, mode }: WordNode): string => (mode === "prefix" ? `${text}*` : text);

const isOperator = (text: string): boolean => /^(?:AND|OR|NOT|NEAR)$/.test(text);

function printTerm(node: WordNode): string {
  if (node.mode === "exact") return `=${node.text}`;
  return isOperator(node.text) ? `"${printWord(node)}"` : printWord(node);
}

function printPhrase({ join, words, gaps }: PhraseNode): string {
  const exact = words.some(({ mode }) => mode === "exact") ? "=" : "";
  if (join === "quoted") return `${exact}"${words.map(printWord).join(" ")}"`;
  return exact + words.map((word, index) => `${index > 0 ? gaps[index - 1] : ""}${printWord(word)}`).join("");
}

const isSimple = (node: QueryNode): boolean => node.type === "word" || node.type === "phrase";

const wrapped = (node: QueryNode, bare: boolean): string => (bare ? printNode(node) : `(${printNode(node)})`);

/** The query in one spelling, which parses to the same tree. */
export function printNode(node: QueryNode): string {
  switch (node.type) {
    case "word":
      return printTerm(node);
    case "phrase":
      return printPhrase(node);
    case "near":
      return `${wrapped(node.left, isSimple(node.left))} NEAR/${node.distance} ${wrapped(node.right, isSimple(node.right))}`;
    case "and":
      return node.children.map(child => wrapped(child, child.type !== "or")).join(" AND ");
    case "or":
      return node.children.map(printNode).join(" OR ");
    case "not":
      return `NOT ${wrapped(node.child, isSimple(node.child) || node.child.type === "not" || node.child.type === "field")}`;
    case "field":
      return `${node.field}:${wrapped(node.child, isSimple(node.child))}`;
  }
}
