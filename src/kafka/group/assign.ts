import type { MemberSubscription, Partitions } from "./asks.ts";

/**
 * Shares the partitions out, as the group's leader: each goes to a member that subscribed to its topic, and of those to
 * the one that has fewest so far. Members may have subscribed to different topics, so that two deployments under one
 * group both count what they are for.
 *
 * @param counts how many partitions each topic has; topics that are not in it can't be shared out
 * @returns what each member gets, by member; the same for the same input
 */
export function assign(
  members: readonly MemberSubscription[],
  counts: ReadonlyMap<string, number>,
): Map<string, Partitions> {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  // In maps: a topic may be named like what every object has.
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
