import { describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { scopesOf } from "../../src/ledger/scopes.ts";
import type { Format } from "../../src/receipts/decode.ts";
import { smallMap } from "../codes/small-map.ts";
import { packagedMap } from "./support.ts";

const parsed = parseCodeMap(smallMap, "small-map.ts");
if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
const small = parsed.map;
const packaged = packagedMap();

function shapeOf(format: Format, scope?: string) {
  return { format, scope, utcOffsetMinutes: 480, json: undefined };
}

const voice = ["voice_receipt", "voice_smart_status"];

describe("the scopes that a topic can carry", () => {
  const rows: readonly { format: Format; scopes: readonly string[]; own: readonly string[] }[] = [
    { format: "tmc-sms", scopes: ["sms_receipt"], own: ["mine"] },
    { format: "aliyun-sms", scopes: ["sms_receipt"], own: ["mine"] },
    { format: "tencent", scopes: ["sms_receipt"], own: ["mine"] },
    { format: "tmc-voice", scopes: voice, own: ["mine"] },
    { format: "aliyun-voice", scopes: voice, own: ["mine"] },
    { format: "json", scopes: [], own: ["mine"] },
  ];
  it.each(rows)("of $format", ({ format, scopes, own }) => {
    expect(scopesOf(packaged, undefined, shapeOf(format))).toEqual(scopes);
    expect(scopesOf(packaged, undefined, shapeOf(format, "mine"))).toEqual(own);
  });

  it("are all of its provider for auto, aliyun's where none is named", () => {
    expect(scopesOf(small, "acme", shapeOf("auto"))).toEqual(["sms_receipt", "send_api", "api"]);
    expect(scopesOf(packaged, undefined, shapeOf("auto"))).toEqual(packaged.scopes("aliyun"));
  });

  it("are those of its APIs for answers, the one without a name too, and none of receipts", () => {
    expect(scopesOf(small, "acme", shapeOf("top-response"))).toEqual(["send_api", "api"]);
    const own = scopesOf(packaged, undefined, shapeOf("top-response"));
    expect(own).toEqual(expect.arrayContaining(["sms_send_api", "api"]));
    expect(own).not.toContain("sms_receipt");
  });

  it("are none of a provider that the map does not have", () => {
    expect(scopesOf(small, undefined, shapeOf("auto"))).toEqual([]);
    expect(scopesOf(small, "aliyun", shapeOf("top-response"))).toEqual([]);
  });
});
