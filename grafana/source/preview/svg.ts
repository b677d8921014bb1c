import { theme } from "./theme.ts";

/** A place on a picture, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  readonly size: number;
  readonly color?: string;
  readonly weight?: number;
  readonly anchor?: "start" | "middle" | "end";
}

export interface PathStyle {
  readonly stroke?: string;
  readonly width?: number;
  readonly dashed?: boolean;
  readonly fill?: string;
  /** Of the fill, 0 to 1. */
  readonly opacity?: number;
}

/** A point on a picture, in pixels. */
export type Point = readonly [x: number, y: number];

/** A line of text; y is its baseline. */
export function textAt(x: number, y: number, text: string, style: TextStyle): string {
  const { size, color = theme.text, weight = 400, anchor = "start" } = style;
  const place = `x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${color}"`;
  return `<text ${place} font-weight="${weight}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

export function rectangle({ x, y, width, height }: Box, fill: string, stroke = "none"): string {
  const place = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return `<rect ${place} rx="2" fill="${fill}" stroke="${stroke}"/>`;
}

/** A line through points, or the area inside them when it has a fill. */
export function path(
  points: readonly Point[],
  { stroke, width = 1, dashed, fill, opacity }: PathStyle,
): string {
  const steps = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
  const line = stroke === undefined ? "" : ` stroke="${stroke}" stroke-width="${width}"`;
  const dashes = dashed ? ' stroke-dasharray="4 3"' : "";
  const area = fill === undefined ? ' fill="none"' : ` fill="${fill}" fill-opacity="${opacity ?? 1}"`;
  return `<path d="${steps}"${line}${dashes}${area}/>`;
}

/** Puts a drawing of its own coordinates at a place. */
export function placed({ x, y }: Pick<Box, "x" | "y">, drawing: string): string {
  return `<g transform="translate(${round(x)} ${round(y)})">${drawing}</g>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
