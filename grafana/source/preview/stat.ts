import { shownStats } from "../shown/panel.ts";
import type { Momentary } from "./drawing.ts";
import { textAt } from "./svg.ts";
import { widthOf } from "./theme.ts";

/** Big numbers, one below the other, each behind its name where there are several. */
export function drawStat({ panel, frames, width, height }: Momentary): string {
  const stats = shownStats(panel, frames);
  const each = height / stats.length;
  return stats
    .map(({ name, text, color }, index) => {
      const middle = each * (index + 0.5);
      if (name === undefined) {
        const big = Math.min(40, (width - 16) / Math.max(1, widthOf(text, 1)));
        return textAt(width / 2, middle + big / 3, text, { size: big, color, weight: 600, anchor: "middle" });
      }
      const big = Math.min(22, each * 0.6);
      return [
        textAt(4, middle + 4, name, { size: 12 }),
        textAt(width - 4, middle + big / 3, text, { size: big, color, weight: 600, anchor: "end" }),
      ].join("");
    })
    .join("");
}
