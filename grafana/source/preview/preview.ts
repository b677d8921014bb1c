import { type Dashboard, type Panel, parseDashboard } from "../shown/model.ts";
import { emptyWords, panelFrames } from "../shown/panel.ts";
import { drawHeatmap } from "./heatmap.ts";
import { drawLines } from "./lines.ts";
import { type Range, Source } from "./source.ts";
import { drawStat } from "./stat.ts";
import { placed, rectangle, textAt } from "./svg.ts";
import { drawTable } from "./table.ts";
import { theme } from "./theme.ts";
import { drawTimeline } from "./timeline.ts";

const width = 1360;
const column = width / 24;
const rowHeight = 34;
const gap = 6;
const heading = 54;
const padding = 8;
const titleHeight = 26;

/**
 * Draws a dashboard with what a Prometheus answers: a preview, with the file's layout and queries, and the names,
 * texts and colours that Grafana's library gives them. Lines and letters are drawn here, and not as Grafana's pages do.
 *
 * @param file the dashboard's JSON
 * @param address of the Prometheus, such as `http://localhost:9090`
 * @returns SVG
 * @throws Error when the file is no dashboard of ours, or Prometheus does not answer or refuses a query
 */
export async function drawPreview(file: string, address: string, range: Range): Promise<string> {
  const dashboard = parseDashboard(file);
  const source = await Source.open(address, range, dashboard);
  const panels: string[] = [];
  for (const panel of dashboard.panels) {
    const box = {
      x: panel.gridPos.x * column + gap / 2,
      y: heading + panel.gridPos.y * rowHeight + gap / 2,
      width: panel.gridPos.w * column - gap,
      height: panel.gridPos.h * rowHeight - gap,
    };
    if (panel.type === "row") {
      panels.push(textAt(box.x + padding, box.y + 20, panel.title, { size: 16, weight: 600 }));
      continue;
    }
    const inner = { width: box.width - 2 * padding, height: box.height - titleHeight - padding };
    panels.push(
      rectangle(box, theme.panel, theme.border),
      textAt(box.x + padding + 2, box.y + 18, panel.title, { size: 13, weight: 600 }),
      placed(
        { x: box.x + padding, y: box.y + titleHeight },
        await drawChart(panel, source, range, inner.width, inner.height),
      ),
    );
  }
  return page(dashboard, range, panels);
}

async function drawChart(
  panel: Panel,
  source: Source,
  range: Range,
  width: number,
  height: number,
): Promise<string> {
  // About a value for four pixels of the widest panel; a heatmap's cells are larger.
  const step = Math.ceil((range.to - range.from) / (panel.type === "heatmap" ? 60 : 120) / 15) * 15;
  const frames = await panelFrames(panel, await source.answers(panel, step));
  const empty = emptyWords(panel, frames);
  if (empty !== undefined) return textAt(width / 2, height / 2, empty, { size: 16, anchor: "middle" });
  const drawing = { panel, frames, range, step, width, height };
  switch (panel.type) {
    case "stat":
      return drawStat(drawing);
    case "table":
      return drawTable(drawing);
    case "timeseries":
      return drawLines(drawing);
    case "heatmap":
      return drawHeatmap(drawing);
    case "state-timeline":
      return drawTimeline(drawing);
  }
}

function page({ title, panels }: Dashboard, { from, to }: Range, drawings: readonly string[]): string {
  const rows = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const height = heading + rows * rowHeight + gap;
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${theme.font}">`,
    rectangle({ x: 0, y: 0, width, height }, theme.page),
    textAt(12, 34, title, { size: 20, weight: 600 }),
    textAt(width - 12, 34, `${time(from)} to ${time(to)} UTC`, {
      size: 13,
      color: theme.faint,
      anchor: "end",
    }),
    ...drawings,
    "</svg>",
  ].join("\n");
  return `${svg}\n`;
}
