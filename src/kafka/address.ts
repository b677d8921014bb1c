/** A broker's address with an IPv6 address in brackets: `host:port`, `[::1]:9092`. */
export function hostPort(host: string | null, port: number): string {
  return `${host?.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The two halves of a broker's address as {@link hostPort} writes it; the host without brackets. */
export function splitHostPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}

/** The UNC form of IPv6 addresses, which has no colons: `--1.ipv6-literal.net`, `fe80--1s2.ipv6-literal.net`. */
const literal = ".ipv6-literal.net";

/** A broker's address for kafkajs, which takes everything before the first colon as the host. */
export function withoutColons(address: string): string {
  const { host, port } = splitHostPort(address);
  if (!host.includes(":")) return address;
  return `${host.replaceAll(":", "-").replace("%", "s")}${literal}:${port}`;
}

/** Undoes {@link withoutColons}; any other host is returned unchanged. */
export function withColons(host: string): string {
  if (!host.endsWith(literal)) return host;
  // Only the zone (interface name), which comes last, may contain other letters and dashes.
  const [, digits = "", zone = ""] = /^([^s]*)(?:s(.*))?$/.exec(host.slice(0, -literal.length)) ?? [];
  return `${digits.replaceAll("-", ":")}${zone === "" ? "" : `%${zone}`}`;
}
