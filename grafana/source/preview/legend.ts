import { size } from "./axes.ts";
import { rectangle, textAt } from "./svg.ts";
import { cut, theme, widthOf } from "./theme.ts";

/** The height of a row of a legend, in pixels. */
export const legendRow = 17;

/** Names with their colours, in at most three rows. */
export function drawLegend(
  entries: readonly { name: string; color: string }[],
  width: number,
): { drawing: string; height: number } {
  const drawings: string[] = [];
  let x = 8;
  let line = 0;
  for (const [index, { name, color }] of entries.entries()) {
    const text = cut(name, width / 2, size);
    const wide = widthOf(text, size) + 26;
    if (x + wide > width && x > 8) {
      x = 8;
      line++;
    }
    if (line > 2) {
      drawings.push(
        textAt(width - 8, line * legendRow - 5, `+${entries.length - index}`, { size, anchor: "end" }),
      );
      break;
    }
    drawings.push(
      rectangle({ x, y: line * legendRow + 4, width: 10, height: 4 }, color),
      textAt(x + 14, line * legendRow + 11, text, { size, color: theme.text }),
    );
    x += wide;
  }
  return {
    drawing: drawings.join(""),
    height: entries.length === 0 ? 0 : (Math.min(line, 2) + 1) * legendRow,
  };
}
