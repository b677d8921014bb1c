import type { FailureCode } from "../../../src/kafka/failure.ts";
import type { Answer, Ask, AskKind, AskOf } from "../../../src/kafka/group/asks.ts";
import type { Random } from "../../lab/random.ts";
import { type Client, linkOf, roles, silences } from "./links.ts";
import type { ModelCluster } from "./model-cluster.ts";
import type { ModelGroup } from "./model-group.ts";
import { answered, type ModelOffsets } from "./model-offsets.ts";
import { type Outcome, refusal } from "./outcome.ts";
import type { Timeline } from "./timeline.ts";

type Settle = (outcome: Outcome, afterMs: number) => void;

/**
 * Between exporters and brokers: what is asked arrives later, is answered later still, and gets lost on either way. A
 * request whose sender has given up may be carried out yet.
 */
export class Network {
  /** How likely a request, or its answer, gets lost; 0 to 1. */
  loss = 0;
  /** Whether what fails may be carried out yet. */
  lateness = 8_000;
  /** The group answers group_unauthorized before this, in ms. */
  groupRefusedUntil = 0;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #cluster: ModelCluster;
  readonly #group: ModelGroup;
  readonly #offsets: ModelOffsets;
  readonly #silences: ReturnType<typeof silences>;
  readonly #help = () => ({ most: 1 + this.#random.below(8), back: this.#random.below(3) });

  constructor(
    timeline: Timeline,
    random: Random,
    {
      cluster,
      group,
      offsets,
    }: { readonly cluster: ModelCluster; readonly group: ModelGroup; readonly offsets: ModelOffsets },
    sessionMs: number,
  ) {
    this.#timeline = timeline;
    this.#random = random;
    this.#cluster = cluster;
    this.#group = group;
    this.#offsets = offsets;
    this.#silences = silences(sessionMs);
  }

  /** Has a request carried out, as far as it gets. The client gets one answer, whatever happens. */
  perform(client: Client, ask: Ask): void {
    const broker = "broker" in ask ? ask.broker : this.#door(client);
    let open = true;
    const settle: Settle = (outcome, afterMs) => {
      if (!open) return;
      open = false;
      this.#timeline.after(afterMs, () => client.take({ ask, ...outcome } as Answer));
    };
    const found = broker === undefined ? undefined : this.#cluster.broker(broker);
    if (found === undefined || (!this.#cluster.isUp(found) && this.#random.fraction() < 0.8)) {
      settle(refusal("unreachable"), 1 + this.#random.below(200));
      return;
    }
    const patience = this.#patience(ask.kind);
    const cutOffUntil = client.cutOffUntil(found.id);
    if (cutOffUntil > this.#timeline.now) {
      this.#silence(ask, found.id, patience, settle, cutOffUntil);
      return;
    }
    const fate = this.#random.fraction();
    if (fate < this.loss) {
      this.#lose(ask, found.id, patience, settle);
      return;
    }
    this.#send(client, ask, found.id, patience, settle);
  }

  /** Any broker that answers knows the cluster. */
  #door(client: Client): number | undefined {
    const { now } = this.#timeline;
    const open = this.#cluster.brokers.filter(
      (broker) =>
        this.#cluster.isUp(broker) && broker.hungUntil <= now && client.cutOffUntil(broker.id) <= now,
    );
    return open[this.#random.below(open.length)]?.id;
  }

  #patience(kind: AskKind): number {
    if (kind === "join" || kind === "sync") return this.#silences.barrier;
    if (kind === "fetch" || kind === "commit") return this.#silences[kind];
    return this.#silences.request;
  }

  /** Nothing comes back. What was on its way may arrive when the way is open again. */
  #silence(ask: Ask, broker: number, patience: number, settle: Settle, until: number): void {
    const connected = this.#random.below(2) === 0;
    settle(refusal(connected ? "no_answer" : "unreachable"), patience);
    if (!connected || this.#random.below(2) === 0) return;
    this.#timeline.at(Math.max(until, this.#timeline.now) + this.#random.below(500), () =>
      this.#carryOutUnheard(ask, broker),
    );
  }

  #lose(ask: Ask, broker: number, patience: number, settle: Settle): void {
    const soon = 1 + this.#random.below(300);
    const given = this.#random.below(2) === 0 ? soon : patience;
    switch (this.#random.below(4)) {
      case 0:
        settle(refusal("unreachable"), soon);
        break;
      case 1:
        settle(refusal("no_answer"), given);
        break;
      case 2:
        this.#timeline.after(Math.min(soon, given), () => this.#carryOutUnheard(ask, broker));
        settle(refusal("no_answer"), given);
        break;
      case 3:
        settle(refusal("no_answer"), given);
        this.#timeline.after(given + this.#random.below(this.lateness), () =>
          this.#carryOutUnheard(ask, broker),
        );
        break;
    }
  }

  #carryOutUnheard(ask: Ask, broker: number): void {
    const found = this.#cluster.broker(broker);
    if (found !== undefined && this.#cluster.isUp(found)) this.#carryOut(ask, broker, () => {});
  }

  #send(client: Client, ask: Ask, broker: number, patience: number, settle: Settle): void {
    const role = roles[ask.kind];
    const link = linkOf(client.links, `${role}${broker}`);
    const arrives = Math.max(this.#timeline.now + this.#transit(), link.lastArrival);
    link.lastArrival = arrives;
    const start = () => {
      const done = () => {
        link.busy = false;
        link.queue.shift()?.();
      };
      let last = false;
      const reply: Settle = (outcome, afterMs) => {
        settle(outcome, afterMs);
        if (!last && role === "commit") done();
        last = true;
      };
      link.busy = true;
      this.#arrive(ask, broker, patience, reply);
    };
    this.#timeline.at(arrives, () => {
      // A broker looks at the next request of a connection when the one before is answered.
      if (role === "commit" && link.busy) link.queue.push(start);
      else start();
    });
  }

  #arrive(ask: Ask, broker: number, patience: number, reply: Settle): void {
    const found = this.#cluster.broker(broker);
    const { now } = this.#timeline;
    if (found === undefined || !this.#cluster.isUp(found)) {
      reply(refusal("no_answer"), this.#transit());
      return;
    }
    if (found.hungUntil > now || mayWait.has(ask.kind))
      this.#timeline.after(patience, () => reply(refusal("no_answer"), 0));
    const carryOut = () => {
      if (!this.#cluster.isUp(found)) reply(refusal("no_answer"), this.#transit());
      else this.#carryOut(ask, broker, (outcome) => reply(outcome, this.#transit()));
    };
    if (found.hungUntil > now) this.#timeline.at(found.hungUntil, carryOut);
    else carryOut();
  }

  /** How long it takes from one end to the other, in ms. */
  #transit(): number {
    const { fraction, below } = this.#random;
    return fraction() < 0.03 ? below(900) : 1 + below(20);
  }

  #carryOut(ask: Ask, broker: number, reply: (outcome: Outcome) => void): void {
    switch (ask.kind) {
      case "metadata":
        reply({ result: this.#cluster.view(ask.topics, this.#random.below(3) === 0) });
        break;
      case "coordinator":
        reply(this.#coordinator());
        break;
      case "range":
        reply({ result: this.#cluster.range(ask) });
        break;
      case "fetch":
        this.#fetch(ask, reply);
        break;
      default:
        this.#carryOutForGroup(ask, broker, reply);
    }
  }

  #coordinator(): Outcome<"coordinator"> {
    const { coordinator } = this.#cluster;
    return coordinator < 0 ? refusal("no_coordinator") : { result: coordinator };
  }

  #fetch(ask: AskOf<"fetch">, reply: (outcome: Outcome<"fetch">) => void): void {
    const result = this.#cluster.fetch(ask, true, this.#help);
    if (result !== undefined) {
      reply({ result });
      return;
    }
    // Up to 500 ms in truth; an idle fetch is worth nothing to a test, and costs as much as any other.
    this.#timeline.after(300 + this.#random.below(1_700), () => {
      reply({ result: this.#cluster.fetch(ask, false, this.#help) ?? [] });
    });
  }

  #carryOutForGroup(
    ask: AskOf<"join" | "sync" | "heartbeat" | "leave" | "owners" | "committed" | "commit">,
    broker: number,
    reply: (outcome: Outcome) => void,
  ): void {
    const code = this.#groupTrouble(ask.kind, broker);
    if (code === "LOADING") {
      // Kafka answers so, for it can't know better.
      reply({ result: undefined });
      return;
    }
    if (code !== undefined) {
      reply(ask.kind === "commit" ? { result: answered(ask.entries, () => code) } : refusal(code));
      return;
    }
    switch (ask.kind) {
      case "join":
        this.#group.join(ask, reply);
        break;
      case "sync":
        this.#group.sync(ask, reply);
        break;
      case "heartbeat":
        reply(acknowledgement(this.#group.heartbeat(ask)));
        break;
      case "leave":
        reply(acknowledgement(this.#group.leave(ask.memberId)));
        break;
      case "owners":
        reply({ result: this.#group.owners() });
        break;
      case "committed":
        reply({ result: this.#offsets.read(ask.partitions) });
        break;
      case "commit":
        this.#group.commit(ask, reply);
        break;
    }
  }

  #groupTrouble(kind: AskKind, broker: number): FailureCode | "LOADING" | undefined {
    const { now } = this.#timeline;
    const { coordinator, loadingUntil } = this.#cluster;
    if (this.groupRefusedUntil > now) return "group_unauthorized";
    if (coordinator !== broker) return "no_coordinator";
    if (loadingUntil <= now) return undefined;
    if (kind === "heartbeat") return "LOADING";
    return kind === "sync" ? "rebalancing" : "other";
  }
}

/** What may wait at a broker longer than its sender does. A fetch is answered before. */
const mayWait: ReadonlySet<AskKind> = new Set(["join", "sync", "commit"]);

function acknowledgement(code: FailureCode | undefined): Outcome<"heartbeat" | "leave"> {
  return code === undefined ? { result: undefined } : refusal(code);
}
