import { theme as grafanaTheme } from "../shown/library.ts";

/** The colours of a picture, those of Grafana's dark theme. */
export const theme = {
  page: "#111217",
  panel: "#181b1f",
  border: "#2c3036",
  grid: "#2a2e34",
  text: "#d8d9da",
  faint: "#9a9da3",
  font: "Inter, 'Segoe UI', 'Noto Sans CJK SC', Helvetica, Arial, sans-serif",
} as const;

/** A colour of Grafana's by name, or itself. */
export function colorOf(name: string): string {
  return grafanaTheme.visualization.getColorByName(name);
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
