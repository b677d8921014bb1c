import type { MemberSubscription, Partitions } from "./asks.ts";

/**
 * The leader's assignment: each partition goes to the member with the fewest so far among those that subscribed to
 * its topic. Members may subscribe to different topics, so that two deployments in one group each count their own.
 *
 * @param counts number of partitions by topic; other topics can't be assigned
 * @returns partitions by member; deterministic
 */
export function assign(
  members: readonly MemberSubscription[],
  counts: ReadonlyMap<string, number>,
): Map<string, Partitions> {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  // Maps, since a topic may be named like a property of every object.
  const shares = new Map(sorted.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  const sizes = new Map(sorted.map(({ memberId }) => [memberId, 0]));
  for (const topic of [...counts.keys()].sort()) {
    const takers = sorted.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId);
    for (let partition = 0; partition < (counts.get(topic) ?? 0); partition++) {
      const [first, ...others] = takers;
      if (first === undefined) break;
      const size = (member: string) => sizes.get(member) ?? 0;
      const taker = others.reduce((best, member) => (size(member) < size(best) ? member : best), first);
      const share = shares.get(taker);
      const own = share?.get(topic);
      if (own === undefined) share?.set(topic, [partition]);
      else own.push(partition);
      sizes.set(taker, size(taker) + 1);
    }
  }
  return new Map([...shares].map(([memberId, share]) => [memberId, Object.fromEntries(share)]));
}
