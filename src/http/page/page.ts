import type { Status } from "../status.ts";
import { facts, partitionsSection, recentSection, stateSection, topicsSection } from "./counting.ts";
import { Html, html, name } from "./html.ts";
import type { Language } from "./language.ts";
import { style } from "./style.ts";
import { ignoredSection, malformedSection, unknownSection } from "./unread.ts";
import { leftOut, moment, numberCell, type PageContext, table, whole, wordsOf } from "./values.ts";

/**
 * The page at `/`: the exporter's state, for whoever is on call. It needs no JavaScript and no other resource, and
 * its length is bounded by {@link mostRows}.
 *
 * @param exporter the exporter's address, for commands to copy
 */
export function renderPage(status: Status, language: Language, exporter: string): string {
  const context = { words: wordsOf(language), language, now: Date.parse(status.now), exporter };
  const { words } = context;
  const other =
    language === "en"
      ? { asked: "zh", tag: "zh-CN", text: "中文" }
      : { asked: "en", tag: "en", text: "English" };
  const state = status.ready ? "✓" : "✗";
  return html`<!doctype html>
<html lang="${words.tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${state} dlr-exporter</title>
<style>${new Html(style)}</style></head>
<body><header><h1>dlr-exporter ${status.version}</h1><nav><a href="/?lang=${language}">${words.again}</a> · <a href="/?lang=${other.asked}" hreflang="${other.tag}" lang="${other.tag}">${other.text}</a></nav></header>
<main>${stateSection(status, context)}
<p class="dim">${words.asOf(status.now, status.started)}</p>
${facts(status, context)}
${topicsSection(status, context)}
${recentSection(status, context)}
${unknownSection(status, context)}
${malformedSection(status, context)}
${partitionsSection(status, context)}
${ignoredSection(status, context)}
${mapSection(status, context)}
${linksSection(context)}
</main></body></html>
`.text;
}

/** The code map in use, and its files. */
function mapSection({ code_map: map, more }: Status, context: PageContext): Html {
  const { words } = context;
  const { headings, columns } = words;
  const failed = map.last_reload_successful ? undefined : html`<p class="bad">✗ ${words.map.failed}</p>`;
  const heads = [{ text: columns.file }, { text: columns.digest }, { text: columns.codes, isNumber: true }];
  const rows = map.files.map(
    ({ file, digest, codes }) =>
      html`<tr><th scope="row" class="name">${name(file)}</th><td><code>${digest}</code></td>${numberCell(codes, "")}</tr>`,
  );
  const files = words.map.files(whole(map.files.length + more.files));
  return html`<h2>${headings.map}</h2>${failed}
<p>${words.map.hash} <code>${map.hash}</code>, ${words.map.codes(whole(map.codes), whole(map.providers))}. ${words.map.read}: ${moment(map.read, context)}</p>
<details><summary>${files}</summary>${table(files, heads, rows)}${leftOut(more.files, context)}</details>`;
}

function linksSection({ words }: PageContext): Html {
  const { links, headings } = words;
  return html`<h2>${headings.links}</h2><ul>
<li><a href="/metrics">/metrics</a>: ${links.metrics}</li>
<li><a href="/-/ready">/-/ready</a>: ${links.ready}</li>
<li><a href="/-/healthy">/-/healthy</a>: ${links.healthy}</li>
<li><a href="/-/status">/-/status</a>: ${links.status}</li>
<li><code>POST /-/reload</code>: ${links.reload}</li>
<li>${links.manual} <code>grafana/runbooks.md</code></li></ul>`;
}
