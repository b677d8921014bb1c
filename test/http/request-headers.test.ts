import { describe, expect, it } from "vitest";
import { acceptsGzip, isCrossSite } from "../../src/http/request-headers.ts";

describe("a request", () => {
  const host = "exporter:9464";
  it.each([
    ["of a client that is no browser", {}, false],
    ["that a person typed", { "sec-fetch-site": "none" }, false],
    ["of the server's own page", { "sec-fetch-site": "same-origin", origin: "http://exporter:9464" }, false],
    ["of the server's own page, in capitals", { origin: "http://EXPORTER:9464" }, false],
    ["of another port", { "sec-fetch-site": "same-site", origin: "http://exporter:3000" }, true],
    ["of another site", { "sec-fetch-site": "cross-site" }, true],
    ["of another site in an old browser", { origin: "http://evil.example" }, true],
    ["of a page that hides where it is from", { origin: "null" }, true],
    ["with an origin that is none", { origin: "exporter:9464" }, true],
    ["that says two things", { "sec-fetch-site": "none, cross-site" }, true],
    ["that says two origins", { origin: "http://exporter:9464, http://evil.example" }, true],
  ])("%s", (_, headers, foreign) => {
    expect(isCrossSite({ host, ...headers })).toBe(foreign);
  });

  it.each([
    ["http://exporter", "exporter:80"],
    ["https://exporter", "exporter:443"],
    ["https://exporter", "exporter"],
    ["http://[::1]:9464", "[::1]:9464"],
  ])("from %s to %s is of the same site", (origin, host) => {
    expect(isCrossSite({ origin, host })).toBe(false);
  });

  it("with an origin and without a host is of another site", () => {
    expect(isCrossSite({ origin: "http://exporter" })).toBe(true);
  });
});

it.each([
  [undefined, false],
  ["", false],
  ["gzip", true],
  ["GZIP", true],
  ["x-gzip", true],
  ["gzip, deflate, br", true],
  ["deflate, br", false],
  ["*", true],
  ["*;q=0", false],
  ["gzip;q=0", false],
  ["gzip; q=0.000, *", false],
  ["gzip ; q=0.5", true],
  ["identity, gzip;q=0.5", false],
  ["identity;q=0.5, gzip;q=0.5", true],
  ["gzip;q=yes", false],
  ["gzip;q=-1", false],
  ["gzipped", false],
])("Accept-Encoding %j: %s", (accepted, gzipped) => {
  expect(acceptsGzip(accepted === undefined ? {} : { "accept-encoding": accepted })).toBe(gzipped);
});
