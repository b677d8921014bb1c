import type { Status, SuggestionStatus, UnknownCodeStatus } from "../status.ts";
import { type Html, html, name } from "./html.ts";
import { copied, leftOut, moment, numberCell, type PageContext, table, whole } from "./values.ts";

/** The unlisted codes, and the command that shows what to do about them. */
export function unknownSection(status: Status, context: PageContext): Html {
  const { unknown_codes: codes, unknown_without_code: codeless, more } = status;
  const { words } = context;
  const { headings, columns } = words;
  const head = html`<h2>${headings.unknown}</h2>`;
  const labels = Object.entries(codeless);
  const without =
    labels.length === 0
      ? undefined
      : html`<p>${words.more.codeless(
          whole(labels.reduce((sum, [, count]) => sum + count, 0)),
          labels.map(([label, count]) => `${label} ${whole(count)}`).join(", "),
        )}</p>`;
  if (codes.length === 0) return html`${head}<p>${words.noUnknown}</p>${without}`;
  const heads = [
    { text: columns.code },
    { text: columns.provider },
    { text: columns.scope },
    { text: columns.count, isNumber: true },
    { text: columns.sinceStart, isNumber: true },
    { text: columns.firstSeen },
    { text: columns.lastSeen },
  ];
  const rows = codes.map((code) => codeRow(code, context));
  const suggestions = codes.map((code, index) => suggestionsOf(code, index === 0, context));
  const command = `dlr-exporter codes unknown --exporter ${context.exporter}`;
  return html`${head}${table(headings.unknown, heads, rows)}${leftOut(more.unknown_codes, context)}${without}${suggestions}<p>${words.more.unknown}</p>${copied(command)}`;
}

function codeRow(
  { provider, scope, code, count, since_start, first_seen, last_seen }: UnknownCodeStatus,
  context: PageContext,
): Html {
  const { before } = context.words;
  const seen = (at: string | null) => (at === null ? before : moment(at, context));
  return html`<tr><th scope="row" class="name"><code>${name(code)}</code></th><td class="name">${name(provider)}</td><td class="name">${name(scope)}</td>${numberCell(count, "")}${numberCell(since_start, "")}<td class="time">${seen(first_seen)}</td><td class="time">${seen(last_seen)}</td></tr>`;
}

/** What other tables say about a code, collapsed except for the first, with the entry that would list it. */
function suggestionsOf(
  { code, provider, scope, agreement, suggestions, more_suggestions, yaml }: UnknownCodeStatus,
  isOpen: boolean,
  context: PageContext,
): Html {
  const { words, language } = context;
  const [first] = suggestions;
  const how = words.agreements[agreement]?.(whole(first?.sources ?? 0)) ?? agreement;
  const what = first === undefined ? undefined : html` ${name(first.name[language])}:`;
  const items = suggestions.map((suggestion) => suggestionItem(suggestion, context));
  const list = items.length === 0 ? undefined : html`<ul>${items}</ul>${leftOut(more_suggestions, context)}`;
  const entry = yaml === null ? undefined : html`<p>${words.more.yaml}</p>${copied(yaml)}`;
  const head = html`<summary><code>${name(code)}</code> <span class="dim">${name(provider)} / ${name(scope)}</span>${what} ${how}</summary>`;
  return isOpen
    ? html`<details open>${head}${list}${entry}</details>`
    : html`<details>${head}${list}${entry}</details>`;
}

function suggestionItem(
  { category, name: names, outcome, said_by, more }: SuggestionStatus,
  context: PageContext,
): Html {
  const { words, language } = context;
  const sources = said_by.map(
    ({ kind, provider, scope, code, description, title, edition, confidence }) =>
      html`<li>${words.kinds[kind] ?? kind}: ${name(provider)} / ${name(scope)} <code>${name(code)}</code> ${name(description[language])} <span class="dim">(${name(title)}, ${name(edition)}, ${words.confidences[confidence] ?? confidence})</span></li>`,
  );
  return html`<li>${name(names[language])} <code class="dim">${name(category)}</code>, ${words.outcomes[outcome] ?? outcome}<ul>${sources}</ul>${leftOut(more, context)}</li>`;
}

/** Malformed records, by topic and reason, each with the command that shows them. */
export function malformedSection({ malformed, more }: Status, context: PageContext): Html {
  const { headings, columns, noMalformed, more: notes } = context.words;
  const head = html`<h2>${headings.malformed}</h2>`;
  if (malformed.length === 0) return html`${head}<p>${noMalformed}</p>`;
  const heads = [
    { text: columns.topic },
    { text: columns.reason },
    { text: columns.lastHour, isNumber: true },
    { text: columns.count, isNumber: true },
  ];
  const rows = malformed.map(
    ({ topic, reason, last_hour, count }) =>
      html`<tr><th scope="row" class="name">${name(topic)}</th><td class="name"><code>${reason}</code></td>${numberCell(last_hour, "")}${numberCell(count, "")}</tr>`,
  );
  const commands = malformed.map(({ command }) => copied(command));
  return html`${head}${table(headings.malformed, heads, rows)}${leftOut(more.malformed, context)}<p>${notes.malformed}</p>${commands}`;
}

/** Records that are not meant to be receipts, by kind. */
export function ignoredSection({ ignored, more }: Status, context: PageContext): Html {
  const { headings, columns, noIgnored, more: notes } = context.words;
  const head = html`<h2>${headings.ignored}</h2>`;
  if (ignored.length === 0) return html`${head}<p>${noIgnored}</p>`;
  const heads = [
    { text: columns.kind },
    { text: columns.lastHour, isNumber: true },
    { text: columns.count, isNumber: true },
  ];
  const rows = ignored.map(
    ({ kind, last_hour, count }) =>
      html`<tr><th scope="row" class="name"><code>${kind}</code></th>${numberCell(last_hour, "")}${numberCell(count, "")}</tr>`,
  );
  return html`${head}<p class="dim">${notes.ignored}</p>${table(headings.ignored, heads, rows)}${leftOut(more.ignored, context)}`;
}
