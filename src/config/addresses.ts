import { isIP, isIPv4, isIPv6 } from "node:net";

/** Letters of any script, since resolvers may support them; underscores, since Docker uses them. */
const label = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u;

/**
 * Checks a broker's address: `host:port`, with an IPv6 address in brackets.
 *
 * @returns what it must be, to follow "must be"; undefined if it is valid
 */
export function brokerProblem(text: string): string | undefined {
  const [protocol] = /^[\w+.-]*:\/\//.exec(text) ?? [];
  if (text.includes("@")) return "host:port without a login; put the login under sasl";
  if (protocol !== undefined)
    return `host:port without \`${protocol}\`; the protocol follows from ssl and sasl`;
  if (/[;|\s]/.test(text)) return "host:port; separate several by commas";
  const [, address, name, port = ""] = /^(?:\[([^[\]]*)\]|([^:[\]/]*)):([^:]*)$/.exec(text) ?? [];
  const host = address ?? name;
  if (host === undefined) {
    const bare = isIPv6(text) || isIPv6(text.replace(/:\d+$/, ""));
    return bare ? "host:port with an IPv6 address in brackets, such as `[::1]:9092`" : "host:port";
  }
  if (address === undefined ? !isHost(host) : !isIPv6(address)) return "host:port with a valid host";
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    return "host:port with a port from 1 to 65535";
  }
  return undefined;
}

/** Checks a host name or IP address like {@link brokerProblem}. */
export function hostProblem(text: string): string | undefined {
  return isIP(text) !== 0 || isHost(text) ? undefined : "a host name or an IP address";
}

/** Checks the URL of a token endpoint like {@link brokerProblem}. */
export function endpointProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) return "an http or https URL";
  if (url.username !== "" || url.password !== "")
    return "a URL without a login; that belongs into client_id and client_secret_file";
  return url.hash === "" ? undefined : "a URL without a fragment";
}

function isHost(text: string): boolean {
  // only digits and dots is never a name, and resolvers accept only ASCII digits in addresses
  if (/^[\p{N}.]+$/u.test(text)) return isIPv4(text);
  const name = text.replace(/\.$/, "");
  return name.length <= 253 && name.split(".").every((part) => label.test(part));
}
