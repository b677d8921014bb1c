/** A fenced block of code. */
export interface CodeBlock {
  /** The word behind the opening fence. */
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a Markdown text, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({
    language,
    code,
  }));
}

/** A command of a `console` block, and all that it prints. */
export interface Example {
  /** The line behind `$ `. */
  readonly command: string;
  readonly output: string;
}

/** Takes `console` blocks apart: a line that begins with `$ ` is a command, what follows is its output. */
export function examplesIn(markdown: string): Example[] {
  return codeBlocks(markdown)
    .filter(({ language }) => language === "console")
    .flatMap(({ code }) => code.split(/^\$ /m).slice(1))
    .map((text) => {
      const end = text.indexOf("\n");
      return { command: text.slice(0, end), output: text.slice(end + 1) };
    });
}

/** What stands between a heading and the next one, whatever their levels; empty where there is no such heading. */
export function sectionUnder(markdown: string, heading: string): string {
  const section = markdown.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return section.slice(heading.length + 1);
}

/** The first table under a heading: rows of cells, without its head. */
export function tableUnder(markdown: string, heading: string): string[][] {
  const [, table = ""] = /^\|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(sectionUnder(markdown, heading)) ?? [];
  return table
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The names in backticks in a text. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

/** The anchor of each heading, as GitHub makes it. */
export function anchorsIn(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

/** The targets of inline links. */
export function linksIn(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}
