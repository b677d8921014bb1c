/** A broker's address with an IPv6 address in brackets: `host:port`, `[::1]:9092`. */
export function hostPort(host: string | null, port: number): string {
  return `${host?.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The two halves of a broker's address as {@link hostPort} writes it; the host without brackets. */
export function splitHostPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}

/** As others write IPv6 addresses where no colon may stand: `--1.ipv6-literal.net`, `fe80--1s2.ipv6-literal.net`. */
const literal = ".ipv6-literal.net";

/** A broker's address for kafkajs, which takes what stands before the first colon for the host. */
export function withoutColons(address: string): string {
  const { host, port } = splitHostPort(address);
  if (!host.includes(":")) return address;
  return `${host.replaceAll(":", "-").replace("%", "s")}${literal}:${port}`;
}

/** The host that {@link withoutColons} has made one of; any other as it is. */
export function withColons(host: string): string {
  if (!host.endsWith(literal)) return host;
  // Only in an interface's name, which comes last, may there be other letters, and dashes.
  const [, digits = "", zone = ""] = /^([^s]*)(?:s(.*))?$/.exec(host.slice(0, -literal.length)) ?? [];
  return `${digits.replaceAll("-", ":")}${zone === "" ? "" : `%${zone}`}`;
}
