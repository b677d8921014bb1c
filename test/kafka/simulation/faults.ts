import type { World } from "./world.ts";

/** Something that goes wrong, or that somebody does. */
interface Fault {
  readonly weight: number;
  /** @param ms how long it lasts, where it lasts */
  readonly strike: (world: World, ms: number) => void;
}

/** What can happen to an exporter, to a broker, and to a topic. */
const faults: readonly Fault[] = [
  { weight: 3, strike: kill },
  { weight: 2, strike: pause },
  { weight: 1, strike: leap },
  { weight: 2, strike: restart },
  { weight: 1, strike: restartAll },
  { weight: 2, strike: scaleOut },
  { weight: 1, strike: scaleIn },
  { weight: 3, strike: loseBroker },
  { weight: 3, strike: hangBroker },
  { weight: 3, strike: cutOff },
  { weight: 4, strike: loseMessages },
  { weight: 2, strike: moveLeader },
  { weight: 2, strike: loseLeader },
  { weight: 3, strike: moveCoordinator },
  { weight: 2, strike: slowReplication },
  { weight: 1, strike: refuseTopic },
  { weight: 1, strike: refuseGroup },
  { weight: 2, strike: deleteRecords },
  { weight: 2, strike: remakeTopic },
  { weight: 1, strike: addPartition },
];

/** Has something go wrong. */
export function strike(world: World, ms: number): void {
  world.random.pick(faults).strike(world, ms);
}

/** Ends whatever lasts. */
export function heal(world: World): void {
  const { cluster, network, timeline } = world;
  world.note("all is well from here on");
  network.loss = 0;
  network.groupRefusedUntil = 0;
  world.replicationMs = 30;
  for (const broker of cluster.brokers) {
    broker.downUntil = 0;
    broker.hungUntil = Math.min(broker.hungUntil, timeline.now);
  }
  for (const exporter of world.exporters) exporter.reconnect();
  for (const topic of cluster.topics.values()) {
    topic.refusedUntil = 0;
    for (const partition of topic.partitions) {
      partition.log.endTransaction(true);
      partition.log.settle();
      if (partition.leader < 0) partition.leader = world.anyBroker();
    }
  }
  cluster.changed();
}

/** A record or more, some of them in a transaction that stays open for a while. */
export function produce(world: World): void {
  const { random, timeline } = world;
  const place = world.anyPartition();
  if (place === undefined) return;
  const { log } = place.found;
  const records = world.records(1 + random.below(4));
  if (random.below(4) !== 0) {
    log.append(records);
    return;
  }
  const opens = !log.hasOpenTransaction;
  log.appendOpen(records);
  if (opens) timeline.after(random.below(5_000), () => log.endTransaction(random.below(2) === 0));
}

function kill(world: World, ms: number): void {
  const exporter = world.any(world.running);
  if (exporter === undefined) return;
  world.note(`${exporter.name} is killed`);
  exporter.kill();
  world.timeline.after(Math.min(ms, 100 + world.random.below(5_000)), () => world.start(exporter.topics));
}

function pause(world: World, ms: number): void {
  const exporter = world.any(world.running);
  if (exporter === undefined) return;
  world.note(`${exporter.name} stands still for ${ms} ms`);
  exporter.pause(ms, () => world.readiness.forget(exporter));
}

function leap(world: World): void {
  const exporter = world.any(world.running);
  const ms = 1_000 + world.random.below(60_000);
  world.note(`the clock of ${exporter?.name} leaps by ${ms} ms`);
  exporter?.leap(ms);
}

function restart(world: World): void {
  const exporter = world.any(world.staying);
  if (exporter !== undefined) world.stop(exporter, () => world.start(exporter.topics));
}

function restartAll(world: World): void {
  for (const [index, exporter] of world.staying.entries()) {
    world.timeline.after(index * 2_000, () => {
      if (exporter.alive && exporter.stoppedAt === undefined)
        world.stop(exporter, () => world.start(exporter.topics));
    });
  }
}

function scaleOut(world: World): void {
  if (world.running.length < 4) world.start(world.topics);
}

function scaleIn(world: World): void {
  const { staying } = world;
  const [first] = staying;
  // Somebody has to be left for every topic.
  if (
    first !== undefined &&
    staying.length > 1 &&
    staying.every(({ topics }) => topics.length === world.topics.length)
  ) {
    world.stop(first, () => {});
  }
}

function loseBroker(world: World, ms: number): void {
  const { cluster, random, timeline } = world;
  const broker = world.any(cluster.brokers);
  if (broker === undefined) return;
  world.note(`broker ${broker.id} is down for ${ms} ms`);
  broker.downUntil = timeline.now + ms;
  timeline.after(300 + random.below(1_500), () => {
    if (cluster.isUp(broker)) return;
    for (const { partitions } of cluster.topics.values()) {
      for (const partition of partitions) {
        if (partition.leader !== broker.id) continue;
        partition.leader = random.below(3) === 0 ? -1 : world.anyBroker();
        if (partition.leader < 0)
          timeline.at(broker.downUntil + 200, () => lead(world, partition, broker.id));
        else unsettle(world, partition);
      }
    }
    cluster.changed();
    if (cluster.coordinator === broker.id) handOver(world);
  });
}

function hangBroker(world: World, ms: number): void {
  const broker = world.any(world.cluster.brokers);
  if (broker === undefined) return;
  world.note(`broker ${broker.id} hangs for ${ms} ms`);
  broker.hungUntil = world.timeline.now + ms;
}

function cutOff(world: World, ms: number): void {
  const exporter = world.any(world.running);
  const broker = world.any(world.cluster.brokers);
  if (exporter === undefined || broker === undefined) return;
  world.note(`${exporter.name} is cut off from broker ${broker.id} for ${ms} ms`);
  exporter.cutOff(broker.id, world.timeline.now + ms);
}

function loseMessages(world: World, ms: number): void {
  const { network, random, timeline } = world;
  const loss = 0.1 + 0.4 * random.fraction();
  network.loss = loss;
  world.note(`${Math.round(loss * 100)} % of the messages get lost for ${ms} ms`);
  timeline.after(ms, () => {
    if (network.loss === loss) network.loss = 0;
  });
}

function moveLeader(world: World): void {
  const place = world.anyPartition();
  if (place === undefined) return;
  lead(world, place.found, world.anyBroker());
  unsettle(world, place.found);
}

function loseLeader(world: World, ms: number): void {
  const place = world.anyPartition();
  if (place === undefined) return;
  world.note(`${place.topic}/${place.partition} has no leader for ${ms} ms`);
  lead(world, place.found, -1);
  world.timeline.after(ms, () => {
    if (place.found.leader < 0) lead(world, place.found, world.anyBroker());
  });
}

function lead(world: World, partition: { leader: number }, broker: number): void {
  partition.leader = broker;
  world.cluster.changed();
}

/** A leader that is new may not know yet how far the others have followed it. */
function unsettle(world: World, { log }: { log: { unsettle(offsets: number): void; settle(): void } }): void {
  log.unsettle(world.random.below(4));
  world.timeline.after(world.random.below(1_000), () => log.settle());
}

function moveCoordinator(world: World): void {
  handOver(world);
}

/** The coordinator is gone. Another begins a little later, and reads what was written of the group first. */
function handOver(world: World): void {
  const { cluster, group, offsets, random, timeline } = world;
  if (group.isAway) return;
  world.note("the group loses its coordinator");
  cluster.coordinator = -1;
  group.suspend();
  offsets.handOver(random.below(offsets.underway + 1));
  timeline.after(random.below(1_500), () => {
    const begin = () => {
      cluster.coordinator = world.anyBroker();
      if (cluster.coordinator < 0) {
        timeline.after(500, begin);
        return;
      }
      const loadMs = random.below(1_500);
      cluster.loadingUntil = timeline.now + loadMs;
      world.note(`broker ${cluster.coordinator} coordinates the group, in ${loadMs} ms`);
      timeline.after(loadMs, () => group.load());
    };
    begin();
  });
}

function slowReplication(world: World, ms: number): void {
  world.note(`what is written takes up to 4 s, for ${ms} ms`);
  world.replicationMs = 4_000;
  world.timeline.after(ms, () => {
    world.replicationMs = 30;
  });
}

function refuseTopic(world: World, ms: number): void {
  const place = world.anyPartition();
  if (place === undefined) return;
  world.note(`topic ${place.topic} is refused for ${ms} ms`);
  place.of.refusedUntil = world.timeline.now + ms;
}

function refuseGroup(world: World, ms: number): void {
  world.note(`the group is refused for ${ms} ms`);
  world.network.groupRefusedUntil = world.timeline.now + ms;
}

function deleteRecords(world: World): void {
  const { random } = world;
  const place = world.anyPartition();
  // What was counted of a log that is gone can only be told while retention has touched none of the two twice.
  if (place === undefined || place.of.before !== undefined) return;
  const { log } = place.found;
  const next = world.running.flatMap((exporter) => exporter.ledger(place)?.next ?? []);
  const counted = Math.min(world.counts.committed(place) ?? log.startsAt, ...next);
  const unsafe = log.deletedTo === 0 && random.below(2) === 0;
  const most = unsafe ? log.lastStable : Math.min(counted, log.lastStable);
  const to = log.low + random.below(Math.max(0, most - log.low) + 1);
  log.deleteTo(to, counted);
  world.note(
    `retention deletes ${place.topic}/${place.partition} up to ${log.low}, counted up to ${counted}`,
  );
}

function remakeTopic(world: World, ms: number): void {
  const { cluster, offsets, random, timeline } = world;
  const place = world.anyPartition();
  if (place === undefined || place.of.before !== undefined || world.hasNoIds) return;
  world.note(`topic ${place.topic} is deleted`);
  cluster.delete(place.topic);
  timeline.after(random.below(50), () => offsets.forget(place.topic));
  timeline.after(Math.min(60 + random.below(3_000), 60 + ms), () =>
    world.createTopic(place.topic, place.of.partitions.length),
  );
}

function addPartition(world: World): void {
  const place = world.anyPartition();
  if (place === undefined || place.of.partitions.length > 2) return;
  const partition = world.cluster.extend(place.of, world.anyBroker());
  partition.log.append(world.records(world.random.below(6)));
  world.note(`topic ${place.topic} has ${place.of.partitions.length} partitions`);
}
