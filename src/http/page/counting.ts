import type { PartitionStatus, RecentStatus, Status, TopicStatus } from "../status.ts";
import { type Html, html, name } from "./html.ts";
import { leftOut, moment, numberCell, type PageContext, percent, sentence, table, whole } from "./values.ts";

/** Whether receipts are counted, and if not, why. */
export function stateSection({ ready, obstacle, remarks, more }: Status, context: PageContext): Html {
  const { words } = context;
  const state =
    obstacle === null && ready
      ? html`<p class="state good">✓ ${words.ready}</p>`
      : html`<p class="state bad">✗ ${words.notReady} ${sentence(obstacle ?? "")}</p>`;
  if (remarks.length === 0) return state;
  const rows = remarks.map((remark) => html`<li>${sentence(remark)}</li>`);
  return html`${state}<p>${words.remarks}</p><ul>${rows}</ul>${leftOut(more.remarks, context)}`;
}

/** The key figures. */
export function facts({ lag, newest_event, group, recent }: Status, context: PageContext): Html {
  const { words } = context;
  const [shortest] = recent;
  const unknown =
    lag.unknown === 0
      ? undefined
      : html` <span class="dim">${words.facts.lagUnknown(whole(lag.unknown))}</span>`;
  const ofRecent =
    shortest === undefined
      ? undefined
      : html`<div><dt>${words.facts.share(spanWords(shortest, context))}</dt><dd>${shareOf(shortest, context)}</dd></div>
<div><dt>${words.facts.receipts(spanWords(shortest, context))}</dt><dd>${whole(shortest.receipts)}</dd></div>`;
  return html`<dl class="facts">
<div><dt>${words.facts.lag}</dt><dd>${whole(lag.records)}${unknown}</dd></div>
<div><dt>${words.facts.newestEvent}</dt><dd>${newest_event === null ? words.none : moment(newest_event, context)}</dd></div>
<div><dt>${words.facts.partitions}</dt><dd>${whole(lag.partitions)}</dd></div>
${ofRecent}
<div><dt>${words.facts.group}</dt><dd>${name(group)}</dd></div></dl>`;
}

/** The configured topics, including those that do not exist yet. */
export function topicsSection({ topics, more }: Status, context: PageContext): Html {
  const { headings, columns } = context.words;
  const heads = [
    { text: columns.topic },
    { text: columns.state },
    { text: columns.lag, isNumber: true },
    { text: columns.owned, isNumber: true },
    { text: columns.unowned, isNumber: true },
    { text: columns.provider },
  ];
  const rows = topics.map((topic) => topicRow(topic, context));
  return html`<h2>${headings.topics}</h2>${table(headings.topics, heads, rows)}${leftOut(more.topics, context)}`;
}

function topicRow(
  { topic, provider, partitions, owned, unowned, lag, waits }: TopicStatus,
  context: PageContext,
): Html {
  const { notKnown } = context.words;
  const all = partitions === null ? notKnown : whole(partitions);
  return html`<tr><th scope="row" class="name">${name(topic)}</th>${stateCell(waits, context)}${numberCell(lag, notKnown)}<td class="n">${whole(owned)} / ${all}</td>${numberCell(unowned, notKnown)}<td class="name">${name(provider)}</td></tr>`;
}

/** The partitions that this instance owns. */
export function partitionsSection({ partitions, more }: Status, context: PageContext): Html {
  const { headings, columns, more: notes, noPartition } = context.words;
  if (partitions.length === 0) return html`<h2>${headings.partitions}</h2><p>${noPartition}</p>`;
  const heads = [
    { text: columns.topic },
    { text: columns.partition, isNumber: true },
    { text: columns.state },
    { text: columns.lag, isNumber: true },
    { text: columns.committed, isNumber: true },
    { text: columns.newestEvent },
  ];
  const rows = partitions.map((one) => partitionRow(one, context));
  return html`<h2>${headings.partitions}</h2><p class="dim">${notes.partitions}</p>${table(headings.partitions, heads, rows)}${leftOut(more.partitions, context)}`;
}

function partitionRow(
  { topic, partition, committed_offset, lag, newest_event, waits }: PartitionStatus,
  context: PageContext,
): Html {
  const { notKnown, none } = context.words;
  const event = newest_event === null ? none : moment(newest_event, context);
  return html`<tr><th scope="row" class="name">${name(topic)}</th><td class="n">${partition}</td>${stateCell(waits, context)}${numberCell(lag, notKnown)}${numberCell(committed_offset, notKnown)}<td class="time">${event}</td></tr>`;
}

function stateCell(waits: string | null, { words }: PageContext): Html {
  return waits === null
    ? html`<td class="good">${words.isRead}</td>`
    : html`<td class="bad name">${sentence(waits)}</td>`;
}

/** Recent counts by category: a column for each period. */
export function recentSection({ recent, more }: Status, context: PageContext): Html {
  const { words } = context;
  const { headings, columns } = words;
  const longest = recent.at(-1);
  const note = html`<h2>${headings.recent}</h2><p class="dim">${words.more.recent}</p>`;
  if (longest === undefined || longest.receipts === 0) {
    const span = longest === undefined ? "" : spanWords(longest, context);
    return html`${note}<p>${words.noReceipt} (${span})</p>`;
  }
  const heads = [
    { text: columns.category },
    { text: columns.outcome },
    ...recent.map((one) => ({ text: spanWords(one, context), isNumber: true })),
  ];
  const rows = longest.categories.map(({ category, name: names, outcome }) => {
    const counts = recent.map((one) =>
      numberCell(
        one.categories.find((own) => own.category === category && own.outcome === outcome)?.count ?? 0,
        "",
      ),
    );
    const shown = names[context.language];
    const id = shown === category ? undefined : html` <code class="dim">${name(category)}</code>`;
    return html`<tr><th scope="row" class="name">${name(shown)}${id}</th><td class="name">${words.outcomes[outcome] ?? outcome}</td>${counts}</tr>`;
  });
  const sums = [
    html`<tr><th scope="row" colspan="2">${words.allReceipts}</th>${recent.map(({ receipts }) => numberCell(receipts, ""))}</tr>`,
    html`<tr><th scope="row" colspan="2">${words.share}</th>${recent.map((one) => html`<td class="n">${shareOf(one, context)}</td>`)}</tr>`,
  ];
  return html`${note}${table(headings.recent, heads, [...rows, ...sums])}${leftOut(more.categories, context)}`;
}

function shareOf({ delivered_share }: RecentStatus, { words }: PageContext): string {
  return delivered_share === null ? words.notKnown : percent(delivered_share);
}

/** The period that counts cover: since the start, if that is more recent. */
function spanWords({ minutes, seconds }: RecentStatus, { words }: PageContext): string {
  return seconds < minutes * 60 ? words.sinceStart(seconds) : words.span(seconds);
}
