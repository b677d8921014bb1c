import { type ShownLine, shownLines } from "../shown/panel.ts";
import { size, timeMarks } from "./axes.ts";
import type { Drawing } from "./drawing.ts";
import { drawLegend, legendRow } from "./legend.ts";
import { placed, rectangle, textAt } from "./svg.ts";
import { cut, widthOf } from "./theme.ts";

/** A bar for each series, in the colours of its states. */
export function drawTimeline({ frames, range, step, width, height }: Drawing): string {
  const lines = shownLines(frames);
  const states = new Map<string, string>();
  const labelWidth = Math.min(width * 0.45, Math.max(...lines.map(({ name }) => widthOf(name, size))) + 12);
  const each = (height - 20 - legendRow) / lines.length;
  const x = (at: number) =>
    labelWidth + ((at - range.from) / (range.to - range.from)) * (width - labelWidth - 14);
  const bars = lines.flatMap((line, index) => [
    textAt(labelWidth - 6, each * (index + 0.5) + 4, cut(line.name, labelWidth - 8, size), {
      size,
      anchor: "end",
    }),
    ...stretches(line.samples, step).map(({ from, to, value }) => {
      const { text, color } = line.display(value);
      states.set(text, color);
      const box = { x: x(from), y: each * (index + 0.12), width: x(to) - x(from), height: each * 0.76 };
      return rectangle(box, color);
    }),
  ]);
  const plot = { left: labelWidth, right: width - 14, top: 0, bottom: each * lines.length, x, y: () => 0 };
  const legend = drawLegend(
    [...states].map(([name, color]) => ({ name, color })),
    width,
  );
  return [...bars, timeMarks(range, plot), placed({ x: 0, y: height - legendRow }, legend.drawing)].join("");
}

/** One stretch for each time that a series keeps its value. */
function stretches(
  samples: ShownLine["samples"],
  step: number,
): { from: number; to: number; value: number }[] {
  const found: { from: number; to: number; value: number }[] = [];
  for (const [time, value] of samples) {
    const last = found.at(-1);
    const near = last !== undefined && time - last.to <= step * 1.5;
    if (near) last.to = time;
    if (!near || last.value !== value) found.push({ from: time, to: time, value });
  }
  return found;
}
