import { isIP, isIPv4, isIPv6 } from "node:net";

/** Letters of any script, for a resolver may know such names; underscores, for Docker makes them. */
const label = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u;

/**
 * What keeps a text from being a broker's address, `host:port` with an IPv6 address in brackets.
 *
 * @returns what it must be, to stand behind "must be"; undefined for an address
 */
export function brokerProblem(text: string): string | undefined {
  const [protocol] = /^[\w+.-]*:\/\//.exec(text) ?? [];
  if (text.includes("@")) return "host:port alone; the login belongs under sasl";
  if (protocol !== undefined)
    return `host:port without \`${protocol}\`; the protocol follows from ssl and sasl`;
  if (/[;|\s]/.test(text)) return "one host:port; between several stand commas";
  const [, address, name, port = ""] = /^(?:\[([^[\]]*)\]|([^:[\]/]*)):([^:]*)$/.exec(text) ?? [];
  const host = address ?? name;
  if (host === undefined) {
    const bare = isIPv6(text) || isIPv6(text.replace(/:\d+$/, ""));
    return bare ? "host:port with an IPv6 address in brackets, such as `[::1]:9092`" : "host:port";
  }
  if (address === undefined ? !isHost(host) : !isIPv6(address)) return "host:port with a host that can exist";
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return "host:port with a port from 1 to 65535";
  }
  return undefined;
}

/** What keeps a text from being a host's name or its IP address, as {@link brokerProblem} says it. */
export function hostProblem(text: string): string | undefined {
  return isIP(text) !== 0 || isHost(text) ? undefined : "a host's name or IP address, and nothing else";
}

function isHost(text: string): boolean {
  // what has only digits and dots is no name
  if (/^[\d.]+$/.test(text)) return isIPv4(text);
  const name = text.replace(/\.$/, "");
  return name.length <= 253 && name.split(".").every((part) => label.test(part));
}
