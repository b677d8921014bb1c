import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a browser sent the request for a page of another site. Clients that are no browsers send neither of the two
 * headers that tell.
 */
export function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const { origin, host = "", "sec-fetch-site": site } = headers;
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  if (origin === undefined) return false;
  const from = URL.parse(origin);
  // parsed with the origin's scheme, a port that is the usual one counts as none
  return from === null || from.host === "" || from.host !== URL.parse(`${from.protocol}//${host}`)?.host;
}

/** Whether a body may be sent gzipped, and the client would not rather have it as it is (RFC 9110, section 12.5.3). */
export function acceptsGzip({ "accept-encoding": accepted = "" }: IncomingHttpHeaders): boolean {
  const weights = weightsOf(accepted);
  const gzip = weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0;
  return gzip > 0 && gzip >= (weights.get("identity") ?? 0);
}

/**
 * What a client would rather have (RFC 9110, section 12.4.2): each name, in lower case, with its weight.
 *
 * @param header such as `gzip, br;q=0.5`; a weight that is none counts as 0: not acceptable
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
