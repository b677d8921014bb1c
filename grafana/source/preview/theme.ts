/** The colours of a picture, and those that Grafana knows by name. */
export const theme = {
  page: "#111217",
  panel: "#181b1f",
  border: "#2c3036",
  grid: "#2a2e34",
  text: "#d8d9da",
  faint: "#9a9da3",
  font: "Inter, 'Segoe UI', 'Noto Sans CJK SC', Helvetica, Arial, sans-serif",
} as const;

export const palette = [
  ...["#73BF69", "#F2CC0C", "#5794F2", "#FF9830", "#B877D9"],
  ...["#8AB8FF", "#FFCB7D", "#CA95E5", "#96D98D", "#FF7383"],
] as const;

const named: Readonly<Record<string, string>> = {
  green: "#73BF69",
  orange: "#FF9830",
  red: "#F2495C",
  blue: "#5794F2",
  purple: "#B877D9",
  text: theme.text,
};

/** A colour of Grafana's by name, or itself. */
export function colorOf(name: string): string {
  return named[name] ?? name;
}

/** About how wide a text is, in pixels: Chinese characters are as wide as high, others about half. */
export function widthOf(text: string, size: number): number {
  return [...text].reduce((sum, letter) => sum + (/[\u2e80-\uffef]/.test(letter) ? 1 : 0.56) * size, 0);
}

/** Cuts a text to a width, in pixels. */
export function cut(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && widthOf(`${letters.join("")}…`, size) > width) letters.pop();
  return `${letters.join("")}…`;
}
