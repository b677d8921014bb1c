import { describe, expect, it } from "vitest";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { scopesOf } from "../../src/ledger/scopes.ts";
import { smallMap } from "../codes/small-map.ts";
import { mapWithPacks, packOf, smallPack } from "../codes/small-pack.ts";
import { shapeOf } from "../receipts/support.ts";
import { packagedMap } from "./support.ts";

const parsed = parseCodeMap(smallMap, "small-map.ts");
if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
const small = parsed.map;
const packaged = packagedMap();

function readAs(format: string, scope?: string) {
  const json = scope === undefined ? [] : [{ when: [], codes: [{ at: ["/c"], scope }] }];
  return shapeOf({ formats: [format], scope, json });
}

const voice = ["voice_receipt", "voice_smart_status"];

describe("the scopes that a topic can carry", () => {
  const rows: readonly { format: string; scopes: readonly string[]; own: readonly string[] }[] = [
    { format: "tmc-sms", scopes: ["sms_receipt"], own: ["mine"] },
    { format: "aliyun-sms", scopes: ["sms_receipt"], own: ["mine"] },
    { format: "tencent", scopes: ["sms_receipt", "voice_receipt", "voice_failure"], own: ["mine"] },
    { format: "tmc-voice", scopes: voice, own: ["mine"] },
    { format: "aliyun-voice", scopes: voice, own: ["mine"] },
    { format: "json", scopes: [], own: ["mine"] },
  ];
  it.each(rows)("of $format", ({ format, scopes, own }) => {
    expect(scopesOf(packaged, undefined, readAs(format))).toEqual(scopes);
    expect(scopesOf(packaged, undefined, readAs(format, "mine"))).toEqual(own);
  });

  it("are all of its provider for auto, aliyun's where none is named", () => {
    expect(scopesOf(small, "acme", readAs("auto"))).toEqual(["sms_receipt", "send_api", "api"]);
    expect(scopesOf(packaged, undefined, readAs("auto"))).toEqual(packaged.scopes("aliyun"));
  });

  it("are those of its APIs for answers, the one without a name too, and none of receipts", () => {
    expect(scopesOf(small, "acme", readAs("top-response"))).toEqual(["send_api", "api"]);
    const own = scopesOf(packaged, undefined, readAs("top-response"));
    expect(own).toEqual(expect.arrayContaining(["sms_send_api", "api"]));
    expect(own).not.toContain("sms_receipt");
  });

  it("are those of one provider, however many the map has", () => {
    const map = mapWithPacks(smallPack, ...["a", "b", "c"].map((name) => packOf(name, ["1", "2"])));
    expect(map.providers()).toHaveLength(5);
    expect(scopesOf(map, "nimbus", readAs("auto"))).toEqual(["sms_receipt", "send_api", "api"]);
    expect(scopesOf(map, undefined, readAs("auto"))).toEqual([]);
  });

  it("are none of a provider that the map does not have", () => {
    expect(scopesOf(small, undefined, readAs("auto"))).toEqual([]);
    expect(scopesOf(small, "aliyun", readAs("top-response"))).toEqual([]);
  });
});
