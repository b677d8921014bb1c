import type { CommitEntry } from "../../../src/kafka/group/asks.ts";
import { type PartitionId, partitionKey } from "../../../src/kafka/partition-id.ts";
import type { Counter } from "../../../src/ledger/counter.ts";
import type { PartitionLedger } from "../../../src/ledger/partition-ledger.ts";
import { decodeSnapshot } from "../../../src/ledger/snapshot/snapshot.ts";
import type { SnapshotState } from "../../../src/ledger/snapshot/state.ts";
import { duplicates, isReceipt, kinds, lookedBack, none, placeOf, type Tally } from "./alphabet.ts";
import { type Exporter, Violation } from "./exporter.ts";
import type { ModelCluster, ModelTopic } from "./model-cluster.ts";
import type { ModelGroup } from "./model-group.ts";
import type { ModelLog } from "./model-log.ts";

/** What was committed for a partition last. */
interface LastCommit {
  readonly next: number;
  readonly topic: ModelTopic;
}

/** Holds every committed and every shown number against the log that it was counted from. */
export class CountAudit {
  /** How many entries were committed. */
  commits = 0;
  readonly #cluster: ModelCluster;
  readonly #group: ModelGroup;
  /** Every state that was ever committed, by partition and next offset. */
  readonly #committed = new Map<string, Tally[]>();
  readonly #last = new Map<string, LastCommit>();
  /** The highest numbers that were shown, by partition and by which beginning they were counted from. */
  readonly #shown = new Map<string, Tally>();
  readonly #beginnings = new WeakMap<PartitionLedger, string>();
  /** The same for each process. */
  readonly #shownBy = new Map<Exporter, Map<string, Tally>>();

  constructor(cluster: ModelCluster, group: ModelGroup) {
    this.#cluster = cluster;
    this.#group = group;
  }

  /** What was committed last, if it was of the topic that there is now. */
  committed(id: PartitionId): number | undefined {
    const last = this.#last.get(partitionKey(id));
    return last !== undefined && last.topic === this.#cluster.topics.get(id.topic) ? last.next : undefined;
  }

  /** A commit has taken effect: its counts have to be those of the log, none lost and none double. */
  onCommitted(entry: CommitEntry): void {
    const key = partitionKey(entry);
    this.commits++;
    const decoded = decodeSnapshot(entry.metadata);
    if (decoded.kind !== "counts") throw new Violation(`${key}: a commit carries no counts`);
    const { state } = decoded;
    if (state.next !== entry.offset)
      throw new Violation(`${key}: counts up to ${state.next} at ${entry.offset}`);
    const tally = emptyTally();
    for (const { counter, count } of state.counters) add(tally, counter, count, key);
    const topic = this.#topicOf(entry.topic, state.logMark);
    const log = topic?.partitions[entry.partition]?.log;
    if (topic === undefined || log === undefined)
      throw new Violation(`${key}: counts of a log that never was`);
    if (!isFold(tally, state, topic, entry.partition)) {
      throw new Violation(
        `${key}: the counts committed for [${state.first}, ${state.next}) of log ${topic.id.slice(0, 13)} are ${tally}, ` +
          `the log has ${foldOf(log, Math.max(0, state.first), state.next).tally}`,
      );
    }
    const place = `${key} ${state.next}`;
    const states = this.#committed.get(place);
    if (states === undefined) this.#committed.set(place, [tally]);
    else states.push(tally);
    this.#last.set(key, { next: state.next, topic });
  }

  /** What an exporter shows has to be committed, as a whole, and may never go back. @returns its next offset, by partition */
  onScrape(exporter: Exporter): Map<string, number> {
    const { memberId } = exporter;
    const { phase } = exporter.member;
    const offsets = new Map<string, number>();
    for (const ledger of exporter.member.holdings.ledgers) {
      const key = partitionKey(ledger);
      const { view, counters, seen } = ledger.expose();
      seen();
      const tally = emptyTally();
      for (const { counter, value } of counters) add(tally, counter, value, key);
      if (view === undefined) {
        if (sum(tally) > 0)
          throw new Violation(`${exporter.name} shows ${tally} of ${key}, and not up to where`);
        continue;
      }
      offsets.set(key, view.next);
      const states = this.#committed.get(`${key} ${view.next}`) ?? [];
      if (sum(tally) > 0 && !states.some((state) => equal(tally, state))) {
        throw new Violation(
          `${exporter.name} shows ${tally} of ${key} up to ${view.next}, which was never committed`,
        );
      }
      const beginning = `${key} ${this.#beginningOf(ledger)}`;
      this.#compareWithItself(exporter, beginning, tally);
      const current = "generation" in phase && phase.generation === this.#group.generation;
      this.#compare(
        beginning,
        tally,
        current && this.#group.owns(memberId, ledger) ? exporter.name : undefined,
      );
    }
    return offsets;
  }

  /** The start of a ledger's counts. A recreated topic may start at 0 again, if nobody had kept its counts. */
  #beginningOf(ledger: PartitionLedger): string {
    if (ledger.first < 0) return "going on";
    let beginning = this.#beginnings.get(ledger);
    if (beginning === undefined) {
      const { topic, origin, logMark } = ledger;
      const remade =
        this.#cluster.deleted.has(topic) || this.#cluster.topics.get(topic)?.before !== undefined;
      beginning = remade && origin === "new" ? "anew" : `of ${logMark}`;
      this.#beginnings.set(ledger, beginning);
    }
    return beginning;
  }

  #compareWithItself(exporter: Exporter, beginning: string, tally: Tally): void {
    let own = this.#shownBy.get(exporter);
    if (own === undefined) {
      own = new Map();
      this.#shownBy.set(exporter, own);
    }
    const before = own.get(beginning);
    if (before !== undefined && isLess(tally, before)) {
      throw new Violation(`${exporter.name} shows ${tally} of ${beginning} after it has shown ${before}`);
    }
    own.set(beginning, tally);
  }

  /** @param owner the exporter, if the group says that the partition is its own */
  #compare(beginning: string, tally: Tally, owner: string | undefined): void {
    const before = this.#shown.get(beginning);
    if (before === undefined) {
      this.#shown.set(beginning, tally);
    } else if (!isLess(tally, before)) {
      this.#shown.set(beginning, tally);
    } else if (owner !== undefined) {
      throw new Violation(`${owner} owns ${beginning} and shows ${tally} where ${before} was shown`);
    }
  }

  #topicOf(name: string, mark: number | undefined): ModelTopic | undefined {
    let topic = this.#cluster.topics.get(name) ?? this.#cluster.deleted.get(name);
    while (mark !== undefined && topic !== undefined && Number.parseInt(topic.id.slice(0, 13), 16) !== mark)
      topic = topic.before;
    return topic;
  }
}

/** What a stretch of a log counts as: of the receipts of each kind, so many may be duplicates of what was deleted. */
interface Fold {
  readonly tally: Tally;
  readonly doubtful: Tally;
}

/** Whether counts are those of the log: of what was counted of the topic before this one, too, if they go on. */
function isFold(tally: Tally, { first, next }: SnapshotState, topic: ModelTopic, partition: number): boolean {
  const log = topic.partitions[partition]?.log;
  if (log === undefined || next > log.end) return false;
  if (first >= 0) return foldsOf(log, first, next).some((fold) => fits(tally, fold));
  const before = topic.before?.partitions[partition]?.log;
  if (before === undefined) return false;
  const own = foldOf(log, 0, next);
  return [before.startsAt, before.deletedTo].some((start) =>
    foldsOf(before, start, start - first).some((fold) => fits(tally, together(own, fold))),
  );
}

/** What a stretch of the log may count as. What retention has deleted may have been passed over. */
function foldsOf(log: ModelLog, first: number, next: number): Fold[] {
  if (next > log.end) return [];
  const folds = [foldOf(log, first, next)];
  const { deletedTo } = log;
  if (deletedTo <= first || deletedTo > next) return folds;
  for (let from = first; from < deletedTo; from++) {
    const skipped = { tally: emptyTally(), doubtful: emptyTally() };
    skipped.tally[kinds] = deletedTo - from;
    folds.push(together(together(foldOf(log, first, from), skipped), foldOf(log, deletedTo, next)));
  }
  return folds;
}

function foldOf(log: ModelLog, first: number, next: number): Fold {
  const { kinds: places, cuts } = log;
  const tally = emptyTally();
  const doubtful = emptyTally();
  for (let offset = first; offset < next; offset++) {
    const kind = places[offset] ?? none;
    const before = isReceipt(kind) ? lastBefore(places, kind, offset) : -1;
    const isDoubtful = before >= 0 && cuts.some((cut) => before < cut && cut <= offset);
    const place = kind === none ? kinds : before >= 0 && !isDoubtful ? duplicates : kind;
    tally[place] = (tally[place] ?? 0) + 1;
    if (isDoubtful) doubtful[kind] = (doubtful[kind] ?? 0) + 1;
  }
  return { tally, doubtful };
}

/** Where a kind of record stood last in the window before an offset; -1 for nowhere. */
function lastBefore(places: readonly number[], kind: number, offset: number): number {
  for (let at = offset - 1; at >= Math.max(0, offset - lookedBack); at--) if (places[at] === kind) return at;
  return -1;
}

function together(one: Fold, other: Fold): Fold {
  const plus = (counts: Tally, more: Tally) => counts.map((count, place) => count + (more[place] ?? 0));
  return { tally: plus(one.tally, other.tally), doubtful: plus(one.doubtful, other.doubtful) };
}

function fits(tally: Tally, { tally: counted, doubtful }: Fold): boolean {
  const moved = difference(counted, tally);
  const found = -(moved[duplicates] ?? 0);
  moved[duplicates] = 0;
  return moved.every((count, place) => count >= 0 && count <= (doubtful[place] ?? 0)) && sum(moved) === found;
}

function emptyTally(): Tally {
  return new Array<number>(duplicates + 1).fill(0);
}

function add(tally: Tally, counter: Counter, count: number, key: string): void {
  if (count === 0) return;
  const place = placeOf(counter);
  if (place === undefined) return;
  if (place < 0) throw new Violation(`${key}: ${count} of ${JSON.stringify(counter)}, which no record holds`);
  tally[place] = (tally[place] ?? 0) + count;
}

function sum(tally: Tally): number {
  let total = 0;
  for (const count of tally) total += count;
  return total;
}

function difference(tally: Tally, other: Tally): Tally {
  return tally.map((count, place) => count - (other[place] ?? 0));
}

function equal(one: Tally, other: Tally): boolean {
  return one.every((count, place) => count === other[place]);
}

function isLess(one: Tally, other: Tally): boolean {
  return one.some((count, place) => count < (other[place] ?? 0));
}
