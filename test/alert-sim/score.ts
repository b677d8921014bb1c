import { near } from "./calendar.ts";
import type { Episode } from "./firing.ts";
import type { Category } from "./month.ts";
import type { DrawnIncident, DrawnMonth } from "./receipts.ts";

/** What an alert is there for. */
export interface Purpose {
  readonly kind: DrawnIncident["kind"];
  readonly category: Category;
  /** Whether it is to tell the spikes of a backlog, instead of those of now. */
  readonly late: boolean;
}

/** How an alert did in a month, or in several. */
export interface Score {
  /** Incidents that it could have told. */
  readonly detectable: number;
  /** Minutes from the start of an incident until an episode began, of each in which one did before its end. */
  readonly delays: readonly number[];
  /** Episodes that began while its category was normal at the provider, and had been for a while. */
  readonly falseEpisodes: number;
  /** Spikes of a backlog during which it fired: a page that should have been withheld, or a ticket that should come. */
  readonly backlogs: number;
}

/** Bad receipts that an incident must have to be told: fewer prove nothing. */
const enough: Readonly<Record<DrawnIncident["kind"], number>> = { spike: 20, "slow burn": 100 };

/** Minutes after an incident, or after a backlog has been worked off, in which its receipts are still in a window. */
const grace: Readonly<Record<DrawnIncident["kind"], number>> = { spike: 60, "slow burn": 4 * 60 };

/** Minutes after the spike of a backlog in which its receipts are counted. */
const backlogCounted = 180;

/**
 * Judges the episodes of an alert against what was wrong in the month. What an episode is about is told by when it
 * starts: one that was firing already when an incident came has told nobody of it.
 *
 * @param episodes each provider's in the order of their starts
 */
export function scoreEpisodes(month: DrawnMonth, episodes: readonly Episode[], purpose: Purpose): Score {
  const ofCategory = month.incidents.filter(({ category }) => category === purpose.category);
  const startingIn = ({ start, end, provider }: DrawnIncident, more: number) =>
    episodes.filter(
      (episode) => episode.provider === provider && start <= episode.start && episode.start < end + more,
    );
  const firingIn = ({ start, end, provider }: DrawnIncident, more: number) =>
    episodes.filter((episode) => episode.provider === provider && near(episode, { start, end: end + more }));

  const targets = ofCategory.filter(
    ({ kind, late, bad }) => kind === purpose.kind && late === purpose.late && bad >= enough[kind],
  );
  const delays = targets.flatMap((incident) => {
    const first = startingIn(incident, purpose.late ? backlogCounted : 0)[0];
    return first === undefined ? [] : [first.start - incident.start];
  });
  const explained = new Set(
    ofCategory.flatMap((incident) =>
      startingIn(incident, grace[purpose.kind] + (incident.late ? backlogCounted : 0)),
    ),
  );
  return {
    detectable: targets.length,
    delays,
    falseEpisodes: episodes.filter((episode) => !explained.has(episode)).length,
    // Whenever it began: a page that fires in the spike of a backlog is one too many.
    backlogs: ofCategory.filter((incident) => incident.late && firingIn(incident, backlogCounted).length > 0)
      .length,
  };
}

/** The scores of several months as one. */
export function sumOf(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0);
  return {
    detectable: sum(({ detectable }) => detectable),
    delays: scores.flatMap(({ delays }) => delays),
    falseEpisodes: sum(({ falseEpisodes }) => falseEpisodes),
    backlogs: sum(({ backlogs }) => backlogs),
  };
}

/**
 * The delay that `share` of the told incidents did not exceed.
 *
 * @returns minutes; NaN when none was told
 */
export function delayOf({ delays }: Score, share: number): number {
  const sorted = delays.toSorted((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

/**
 * What the page must reach on months that its numbers were not chosen on.
 *
 * @param months its scores, one a month
 * @param lateTickets the spikes of backlogs that got a ticket, of all months
 * @returns a sentence for each bar that is broken
 */
export function brokenBars(months: readonly Score[], lateTickets: Score): string[] {
  const all = sumOf(months);
  const [median, most] = [delayOf(all, 0.5), delayOf(all, 0.9)];
  return [
    ...(all.detectable === 0 ? ["there is no spike to find"] : []),
    ...(all.delays.length < all.detectable
      ? [
          `${all.delays.length} of ${all.detectable} spikes with at least ${enough.spike} bad receipts are found`,
        ]
      : []),
    ...(all.falseEpisodes > months.length
      ? [`${all.falseEpisodes} false pages in ${months.length} months`]
      : []),
    ...(median <= 10 ? [] : [`half of the spikes are found within ${median} minutes, not 10`]),
    ...(most <= 20 ? [] : [`nine of ten spikes are found within ${most} minutes, not 20`]),
    ...(all.backlogs > 0 ? [`${all.backlogs} spikes of a backlog page`] : []),
    ...(lateTickets.delays.length < lateTickets.detectable
      ? [`${lateTickets.delays.length} of ${lateTickets.detectable} spikes of a backlog get a ticket`]
      : []),
  ];
}
