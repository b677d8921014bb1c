/** Whether receipts are counted and kept. */
export interface Readiness {
  /** One sentence saying why not; undefined when they are. */
  readonly obstacle: string | undefined;
  /** What no restart would mend: one sentence each. */
  readonly remarks: readonly string[];
}

/** What the landing page tells. */
export interface LandingPage {
  readonly version: string;
  readonly codeMapHash: string;
  readonly group: string;
  readonly readiness: Readiness;
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    /** undefined before its counts are loaded. */
    readonly committedOffset: number | undefined;
    /** undefined where the log's end is not known. */
    readonly lag: number | undefined;
  }[];
}

/** The page at `/`: where to go from here, and which partitions this instance counts. */
export function renderLanding(page: LandingPage): string {
  const { obstacle, remarks } = page.readiness;
  const rows = page.partitions.map(
    ({ topic, partition, committedOffset, lag }) =>
      `<tr><td>${escaped(topic)}</td><td>${partition}</td><td>${committedOffset ?? ""}</td><td>${lag ?? ""}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? "<p>No partition is assigned to this instance.</p>"
      : `<table><tr><th>topic</th><th>partition</th><th>committed offset</th><th>lag</th></tr>${rows.join("")}</table>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>dlr-exporter</title>
<style>body{font-family:sans-serif;margin:2em}td,th{padding:.2em 1em;text-align:left}</style></head>
<body><h1>dlr-exporter ${escaped(page.version)}</h1>
<p>Group <b>${escaped(page.group)}</b>, code map <b>${escaped(page.codeMapHash)}</b>, ${
    obstacle === undefined ? "ready" : `not ready: ${escaped(obstacle)}`
  }.</p>
${remarks.map((remark) => `<p>${escaped(remark)}</p>\n`).join("")}<ul><li><a href="/metrics">/metrics</a></li><li><a href="/-/healthy">/-/healthy</a></li>
<li><a href="/-/ready">/-/ready</a></li><li><code>POST /-/reload</code> reads the code map again</li></ul>
<h2>Partitions</h2>${table}</body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
