import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { dashboardFiles } from "./dashboards.ts";
import { drawPreview } from "./preview/preview.ts";

const usage = `Writes the dashboards of grafana/ from their source.

  npm run dashboards
  npm run dashboards -- --preview http://localhost:9090 [--from TIME] [--to TIME]

With --preview it draws the English ones instead, with what that Prometheus answers, into
grafana/pictures. A TIME is ISO 8601; by default the last hour is drawn.
`;

const { values } = parseArgs({
  options: {
    preview: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(usage);
else if (values.preview === undefined) await writeDashboards();
else await drawPictures(values.preview, timeOf(values.from, -3600), timeOf(values.to, 0));

async function writeDashboards(): Promise<void> {
  for (const { path, text } of await dashboardFiles()) await writeFile(inRepository(path), text);
}

async function drawPictures(address: string, from: number, to: number): Promise<void> {
  for (const uid of ["dlr-overview", "dlr-exporter"]) {
    const file = await readFile(inRepository(`grafana/dashboards/${uid}.json`), "utf8");
    await writeFile(
      inRepository(`grafana/pictures/${uid}.svg`),
      await drawPreview(file, address, { from, to }),
    );
  }
}

/** @param otherwise seconds from now, when no time is given @returns s since the epoch, a whole minute */
function timeOf(text: string | undefined, otherwise: number): number {
  const at = text === undefined ? Date.now() + otherwise * 1000 : Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`${text} is no time such as 2026-10-01T08:00:00+08:00`);
  return Math.floor(at / 60_000) * 60;
}

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
