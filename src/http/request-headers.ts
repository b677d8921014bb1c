import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a browser sent the request for a page of another site. Clients other than browsers send neither of the two
 * headers that tell.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const { origin, host = "", "sec-fetch-site": site } = headers;
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  if (origin === undefined) return false;
  const from = URL.parse(origin);
  // parsed with the origin's scheme, so that a default port is dropped
  return from === null || from.host === "" || from.host !== URL.parse(`${from.protocol}//${host}`)?.host;
}

/** Whether the client accepts gzip, and does not prefer identity (RFC 9110, section 12.5.3). */
export function acceptsGzip({ "accept-encoding": accepted = "" }: IncomingHttpHeaders): boolean {
  const weights = weightsOf(accepted);
  const gzip = weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0;
  return gzip > 0 && gzip >= (weights.get("identity") ?? 0);
}

/**
 * A client's preferences (RFC 9110, section 12.4.2): each name, in lower case, with its weight.
 *
 * @param header such as `gzip, br;q=0.5`; an invalid weight counts as 0: not acceptable
 */
export function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    weights.set(name, /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/.test(weight) ? Number(weight) : 0);
  }
  return weights;
}
