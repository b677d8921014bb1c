/** A broker's address with an IPv6 address in brackets: `host:port`, `[::1]:9092`. */
export function hostPort(host: string | null, port: number): string {
  return `${host?.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The two halves of a broker's address as {@link hostPort} writes it; the host without brackets. */
export function splitHostPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}
