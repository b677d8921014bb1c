import { describe, expect, it } from "vitest";
import { CodeMap } from "../../src/codes/code-map.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { SettingsDocument } from "../../src/config/document.ts";
import { namesNotInMap, unlistedName } from "../../src/config/map-names.ts";
import { smallMap } from "../codes/small-map.ts";
import { packagedMap } from "../ledger/support.ts";
import { described } from "../receipts/packaged-formats.ts";

const parsed = parseCodeMap(smallMap, "small-map.ts");
if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
const small = parsed.map;
const packaged = packagedMap();

describe("a provider or scope that is in the map", () => {
  const rows = [
    { name: "none named", provider: undefined, scope: undefined },
    { name: "a provider", provider: "acme", scope: undefined },
    { name: "its scope", provider: "acme", scope: "send_api" },
    { name: "the scope of all its APIs, which no table is named for", provider: "acme", scope: "api" },
    { name: "the scope of a usual provider", provider: undefined, scope: "sms_receipt" },
  ];
  it.each(rows)("$name", ({ provider, scope }) => {
    expect(unlistedName(small, provider, scope, ["acme"])).toBeUndefined();
  });
});

describe("a provider or scope that is not in the map", () => {
  const rows = [
    { map: small, provider: "acmee", scope: undefined, name: "provider", hint: "Did you mean `acme`?" },
    {
      map: small,
      provider: "tencent",
      scope: "neither",
      name: "provider",
      hint: "The code map has acme; a new one needs a table there (it may be empty).",
    },
    { map: small, provider: "acme", scope: "send_apo", name: "scope", hint: "Did you mean `send_api`?" },
    {
      map: small,
      provider: "acme",
      scope: "fax",
      name: "scope",
      hint:
        "For acme the code map has sms_receipt, send_api, api; " +
        "a new one needs a table there (it may be empty), or a `channel` in the configuration file.",
    },
    {
      map: packaged,
      provider: "tencent",
      scope: "voice_receipt",
      name: "scope",
      hint: "It is a scope of the provider aliyun; set that provider.",
    },
    {
      map: new CodeMap({ hash: "0", categories: new Map(), tables: [] }),
      provider: "acme",
      scope: undefined,
      name: "provider",
      hint: "The code map has none; a new one needs a table there (it may be empty).",
    },
  ];
  it.each(rows)("$provider $scope", ({ map, provider, scope, name, hint }) => {
    expect(unlistedName(map, provider, scope, ["aliyun"])).toMatchObject({ name, hint });
  });
});

describe("topics that name what the map does not have", () => {
  /** Where each problem is, of topics with these members. */
  function placesOf(...topics: readonly string[]): string[] {
    const document = new SettingsDocument(
      "f",
      `topics:\n${topics.map((own) => `  - { ${own} }\n`).join("")}`,
    );
    return namesNotInMap(packaged, described, document).map(({ message }) => message.split(" ")[0] ?? "");
  }

  it("are told one by one, in the file", () => {
    expect(placesOf("scope: fax", "scope: sms_receipt", "provider: a", "scope: fax")).toEqual([
      "topics[0].scope",
      "topics[2].provider",
      "topics[3].scope",
    ]);
  });

  it("are told once for each flag or variable, which says it of all of them", () => {
    const document = new SettingsDocument("f", "topics: [{ topic: a }, { topic: b, provider: tencent }]\n");
    document.set(["topics", "*", "scope"], "fax", "--scope");
    expect(namesNotInMap(packaged, described, document).map(({ file }) => file)).toEqual(["--scope"]);
    document.set(["topics", "*", "provider"], "acme", "DLR_PROVIDER");
    expect(namesNotInMap(packaged, described, document).map(({ file }) => file)).toEqual(["DLR_PROVIDER"]);
  });

  it("may name a scope of their own when they tell its channel, but no provider", () => {
    expect(placesOf("scope: fax, channel: sms")).toEqual([]);
    expect(placesOf("scope: fax, channel: sms, provider: a")).toEqual(["topics[0].provider"]);
  });

  it("may name providers of the map as a fallback, and no others", () => {
    expect(placesOf("fallback: [tencent]", "fallback: [tencent, cmp], provider: a")).toEqual([
      "topics[1].provider",
      "topics[1].fallback[1]",
    ]);
  });

  it("mean the provider that their format is of, where they name none", () => {
    const sms = "scope: sms_receipt";
    const voice = "scope: voice_receipt";
    expect(placesOf(sms, voice, `${sms}, format: tencent`, `${voice}, format: json`)).toEqual([]);
    expect(placesOf(`${voice}, format: tencent`)).toEqual(["topics[0].scope"]);
  });

  it("mean Tencent's too where the format is told by each record", () => {
    const read = parseCodeMap(smallMap.replaceAll("acme", "tencent"), "small-map.ts");
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    const places = ["auto", "json"].map((format) => {
      const document = new SettingsDocument("f", `topics: [{ scope: send_api, format: ${format} }]`);
      return namesNotInMap(read.map, described, document).length;
    });
    expect(places).toEqual([0, 1]);
  });

  it("are none where there are no topics", () => {
    expect(namesNotInMap(packaged, described, new SettingsDocument("f", "topics: none\n"))).toEqual([]);
    expect(namesNotInMap(packaged, described, new SettingsDocument("f", ""))).toEqual([]);
  });
});
