import { describe, expect, it } from "vitest";
import { isBearer, type Login, nameOf } from "../../../src/kafka/login/login.ts";

const logins: readonly [Login | undefined, string, boolean][] = [
  [undefined, "this client", false],
  [{ mechanism: "plain", username: "u", password: "p" }, "the user u", false],
  [
    {
      mechanism: "oauthbearer",
      tokenEndpoint: "https://idp/token",
      clientId: "c",
      clientSecret: "s",
      scope: undefined,
      ca: undefined,
    },
    "the client c",
    true,
  ],
  [{ mechanism: "aws_msk_iam", region: "eu-central-1" }, "this client", true],
];

describe("a login", () => {
  it.each(logins)("has a name for sentences on rights: %o", (login, name) => {
    expect(nameOf(login)).toBe(name);
  });

  it.each(logins)("is one by tokens, or not: %o", (login, _, bearer) => {
    expect(login !== undefined && isBearer(login)).toBe(bearer);
  });
});
