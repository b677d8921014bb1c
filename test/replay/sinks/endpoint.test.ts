import { describe, expect, test } from "vitest";
import {
  AddressError,
  below,
  endpointOf,
  whyUnanswered,
  wordsOf,
} from "../../../src/replay/sinks/endpoint.ts";

describe("an address", () => {
  const agent = { "user-agent": "dlr-exporter/1.2.3" };
  const rows = [
    {
      name: "plain",
      address: "http://h:9090/api/v1/write",
      url: "http://h:9090/api/v1/write",
      headers: agent,
    },
    {
      name: "with user and password",
      address: "https://u%40x:p%3Aw@h/push?a=b",
      url: "https://h/push?a=b",
      headers: { ...agent, authorization: `Basic ${Buffer.from("u@x:p:w").toString("base64")}` },
    },
  ];
  test.each(rows)("$name", ({ address, url, headers }) => {
    expect(endpointOf(address, "1.2.3")).toMatchObject({ url, headers });
  });

  test("is shown without what its query may hold, and is kept by what lies below it", () => {
    const endpoint = endpointOf("https://me:secret@h/push/?token=secret", "1");
    expect(endpoint.shown).toBe("https://h/push/?(hidden)");
    const query = new URLSearchParams({ query: "up" });
    expect(below(endpoint, "api", query).url).toBe("https://h/push/api?token=secret&query=up");
  });

  test.each([
    { name: "no address", address: "secret" },
    { name: "no scheme", address: "user:secret@host:9090/api/v1/write" },
    { name: "another scheme", address: "ftp://user:secret@host/" },
    { name: "a % that encodes nothing", address: "http://user:secret%@host/" },
  ])("$name is refused without showing it", ({ address }) => {
    expect(() => endpointOf(address, "1")).toThrow(AddressError);
    expect(() => endpointOf(address, "1")).not.toThrow(/secret/);
  });
});

test.each([
  {
    name: "words on one line",
    status: 400,
    body: " out of\n bounds\n",
    said: "it answered 400: out of bounds",
  },
  { name: "no words", status: 503, body: "\n", said: "it answered 503" },
  { name: "a page", status: 502, body: "x".repeat(5000), said: `it answered 502: ${"x".repeat(300)}` },
])("a server's answer: $name", ({ status, body, said }) => {
  expect(wordsOf({ status, body, headers: {}, isWhole: true }, endpointOf("http://h/", "1"))).toBe(said);
});

test.each([
  {
    name: "a wrapped cause",
    error: new TypeError("fetch failed", { cause: new Error("reset") }),
    said: "reset",
  },
  {
    name: "several addresses that all refuse",
    error: new TypeError("fetch failed", {
      cause: Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }),
    }),
    said: "ECONNREFUSED",
  },
  { name: "a time limit", error: new DOMException("x", "TimeoutError"), said: "it did not answer in time" },
])("no answer: $name", ({ error, said }) => {
  expect(whyUnanswered(error)).toBe(said);
});
