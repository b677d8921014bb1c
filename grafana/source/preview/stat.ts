import type { Momentary } from "./drawing.ts";
import { linesOf, shownAs } from "./fields.ts";
import { formatNumber } from "./format.ts";
import { textAt } from "./svg.ts";
import { widthOf } from "./theme.ts";

/** Big numbers, side by side. */
export function drawStat({ panel, answers, width, height }: Momentary): string {
  const { noValue } = panel.fieldConfig.defaults;
  const lines = linesOf(panel, answers).filter(({ samples }) => samples.length > 0);
  if (lines.length === 0) return textAt(width / 2, height / 2, noValue, { size: 16, anchor: "middle" });
  const each = width / lines.length;
  return lines
    .map(({ field, samples }, index) => {
      const value = samples[0]?.[1] ?? Number.NaN;
      const { text, color } = shownAs(value, field, (number) =>
        formatNumber(number, field.unit, field.decimals),
      );
      const big = Math.min(40, (each - 16) / Math.max(1, widthOf(text, 1)));
      const middle = each * (index + 0.5);
      const name =
        lines.length > 1 ? textAt(middle, height - 14, field.name, { size: 12, anchor: "middle" }) : "";
      return `${textAt(middle, height / 2 + big / 3, text, { size: big, color, weight: 600, anchor: "middle" })}${name}`;
    })
    .join("");
}
