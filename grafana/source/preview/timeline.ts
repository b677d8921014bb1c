import { clock, size } from "./axes.ts";
import type { Drawing } from "./drawing.ts";
import { linesOf, shownAs } from "./fields.ts";
import { drawLegend, legendRow } from "./legend.ts";
import type { Series } from "./source.ts";
import { placed, rectangle, textAt } from "./svg.ts";
import { cut, theme, widthOf } from "./theme.ts";

/** A bar for each series, in the colours of its states. */
export function drawTimeline({ panel, answers, range, step, width, height }: Drawing): string {
  const lines = linesOf(panel, answers);
  if (lines.length === 0) {
    const { noValue } = panel.fieldConfig.defaults;
    return textAt(width / 2, height / 2, noValue, { size: 14, anchor: "middle" });
  }
  const states = new Map<string, string>();
  const labelWidth = Math.min(
    width * 0.45,
    Math.max(...lines.map(({ field }) => widthOf(field.name, size))) + 12,
  );
  const axisHeight = 18;
  const legendHeight = legendRow;
  const each = (height - axisHeight - legendHeight) / lines.length;
  const x = (time: number) =>
    labelWidth + ((time - range.from) / (range.to - range.from)) * (width - labelWidth);
  const bars = lines.flatMap(({ field, samples }, index) => [
    textAt(labelWidth - 6, each * (index + 0.5) + 4, cut(field.name, labelWidth - 8, size), {
      size,
      anchor: "end",
    }),
    ...stretches(samples, step).map(({ from, to, value }) => {
      const { text, color } = shownAs(value, field, String);
      states.set(text, color);
      const left = x(Math.max(from, range.from));
      return rectangle(
        { x: left, y: each * (index + 0.12), width: x(Math.min(to, range.to)) - left, height: each * 0.76 },
        color,
      );
    }),
  ]);
  const marks = Array.from({ length: 5 }, (_, index) => range.from + ((range.to - range.from) * index) / 4);
  const ticks = marks.map((time, index) =>
    textAt(x(time), height - legendHeight - 5, clock(time * 1000), {
      size,
      color: theme.faint,
      anchor: index === 0 ? "start" : index === 4 ? "end" : "middle",
    }),
  );
  const legend = drawLegend(
    [...states].map(([name, color]) => ({ name, color })),
    width,
  );
  return [...bars, ...ticks, placed({ x: 0, y: height - legendHeight }, legend.drawing)].join("");
}

/** One stretch for each time that a series keeps its value. */
function stretches(samples: Series["samples"], step: number): { from: number; to: number; value: number }[] {
  const found: { from: number; to: number; value: number }[] = [];
  for (const [time, value] of samples) {
    const last = found.at(-1);
    if (last?.value === value && time - last.to <= step * 1.5) last.to = time;
    else {
      if (last !== undefined && time - last.to <= step * 1.5) last.to = time;
      found.push({ from: time, to: time, value });
    }
  }
  return found;
}
