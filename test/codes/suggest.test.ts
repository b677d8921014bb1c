import { describe, expect, it } from "vitest";
import { noCode } from "../../src/codes/label.ts";
import { Suggester } from "../../src/codes/suggest.ts";
import { mapWithPacks } from "./small-pack.ts";

interface Row {
  readonly code: string;
  readonly category: string;
  /** Its document's title; the table's when there is none. */
  readonly source?: string;
  readonly confidence?: "high" | "medium";
}

interface Pack {
  readonly provider: string;
  readonly scope?: string;
  readonly channel?: "sms" | "voice";
  readonly rows?: readonly Row[];
  readonly contested?: readonly Row[];
}

/** The text of a pack with these codes. */
function pack({ provider, scope = "sms_receipt", channel = "sms", rows = [], contested = [] }: Pack): string {
  const titles = [...new Set([...rows, ...contested].flatMap(({ source }) => source ?? []))];
  const sources = titles.map((title) => `${title}: { title: ${title}, edition: "2024" }`);
  const row = ({ code, source, confidence }: Row, more = "") =>
    `{ code: "${code}"${source ? `, source: ${source}` : ""}${confidence ? `, confidence: ${confidence}` : ""}${more} }`;
  const codes = [...Map.groupBy(rows, ({ category }) => category)].map(
    ([category, own]) => `${category}: [${own.map((one) => row(one)).join(", ")}]`,
  );
  const readings = contested.map((one) => row(one, `, category: ${one.category}`));
  const table = `channel: ${channel}, kind: receipt, title: T, codes: { ${codes} }, suggestions: [${readings}]`;
  return [
    ...["version: 1", `provider: ${provider}`, "names: { en: A, zh: 甲 }"],
    ...[`sources: { ${sources} }`, `scopes: { ${scope}: { ${table} } }`, ""],
  ].join("\n");
}

/** What a map of these packs suggests for a code of acme's SMS receipts, in short. */
function ask(code: string, ...packs: readonly Pack[]) {
  const { agreement, verdicts } = new Suggester(mapWithPacks(...packs.map(pack))).of(
    "acme",
    "sms_receipt",
    code,
  );
  return {
    agreement,
    verdicts: verdicts.map(({ category, outcome, sources, suggestions }) => [
      `${category} ${outcome} ${sources}`,
      ...suggestions.map(
        ({ kind, reading, source, weighs }) =>
          `${weighs ? "" : "~"}${kind} ${reading.provider} ${reading.code} ${source.title} ${reading.confidence}`,
      ),
    ]),
  };
}

const cmpp = { provider: "cmpp", rows: [{ code: "MK:0010", category: "power_off", source: "list" }] };
const nimbus = { provider: "nimbus", rows: [{ code: "MK:0010", category: "power_off", source: "doc" }] };

describe("a code that others list", () => {
  it("is agreed on by two of them, the nearest first", () => {
    expect(ask("mk:0010", nimbus, cmpp)).toEqual({
      agreement: "agreed",
      verdicts: [
        ["power_off failed 2", "carrier cmpp MK:0010 list high", "other_provider nimbus MK:0010 doc high"],
      ],
    });
  });

  it("is one source's word where both have the same document", () => {
    const copy = { provider: "nimbus", rows: [{ code: "MK:0010", category: "power_off", source: "list" }] };
    expect(ask("MK:0010", copy, cmpp)).toMatchObject({
      agreement: "single",
      verdicts: [{ 0: "power_off failed 1" }],
    });
  });

  it("is one source's word where both documents are of one provider", () => {
    const other = {
      ...cmpp,
      scope: "other",
      rows: [{ code: "MK:0010", category: "power_off", source: "two" }],
    };
    expect(ask("MK:0010", other, cmpp).agreement).toBe("single");
  });

  it("is one source's word where the other's confidence is low", () => {
    const unsure = { provider: "nimbus", contested: [{ code: "MK:0010", category: "power_off" }] };
    expect(ask("MK:0010", unsure, cmpp)).toMatchObject({
      agreement: "single",
      verdicts: [
        [
          "power_off failed 1",
          "carrier cmpp MK:0010 list high",
          "other_provider nimbus MK:0010 T, nimbus low",
        ],
      ],
    });
  });

  it("is contradicted by any that says otherwise, however many agree", () => {
    const unsure = { provider: "acme", contested: [{ code: "MK:0010", category: "blacklist" }] };
    expect(ask("MK:0010", nimbus, cmpp, unsure)).toMatchObject({
      agreement: "contradicted",
      verdicts: [
        { 0: "power_off failed 2" },
        ["blacklist failed 0", "contested acme MK:0010 SMS receipts, acme low"],
      ],
    });
  });

  it("says little in a table of another channel, its own provider's too", () => {
    const voice = {
      scope: "voice_receipt",
      channel: "voice",
      rows: [{ code: "X", category: "blacklist" }],
    } as const;
    expect(ask("X", { provider: "acme", ...voice }, { provider: "nimbus", ...voice })).toEqual({
      agreement: "hint",
      verdicts: [
        ["blacklist failed 0", "~other_scope acme X T, acme high", "~other_provider nimbus X T, nimbus high"],
      ],
    });
  });

  it("says little where it is a bare number, but in its own provider's tables", () => {
    const rows = [{ code: "77", category: "blacklist" }];
    const others = ["nimbus", "sgip", "smgp"].map((provider) => ({ provider, rows }));
    expect(ask("77", ...others)).toMatchObject({
      agreement: "hint",
      verdicts: [{ 0: "blacklist failed 0" }],
    });
    expect(ask("77", ...others, { provider: "acme", scope: "other", rows }).agreement).toBe("single");
  });
});

describe("a code that is nearly one that is listed", () => {
  it.each(["MK0010", "MK-0010", "MK:10", "MK:00010", "mk_0010", "-MK:0010"])("%s for MK:0010", (code) => {
    expect(ask(code, cmpp, nimbus)).toEqual({
      agreement: "hint",
      verdicts: [
        ["power_off failed 0", "~near_miss cmpp MK:0010 list high", "~near_miss nimbus MK:0010 doc high"],
      ],
    });
  });

  it("counts no near miss for a contradiction", () => {
    const near = { provider: "vega", rows: [{ code: "MK0010", category: "blacklist" }] };
    expect(ask("MK:0010", cmpp, nimbus, near).agreement).toBe("agreed");
  });

  it.each(["MK:0011", "MK:0100", "KM:0010", "MK:0010X"])("but %s is none", (code) => {
    expect(ask(code, cmpp)).toEqual({ agreement: "none", verdicts: [] });
  });

  it("is one whose minus or zeros are missing, in its provider's tables alone for a bare number", () => {
    const rows = [{ code: "-103", category: "blacklist" }];
    const own = { provider: "acme", scope: "other", rows };
    for (const code of ["103", "0103", "-0103"]) {
      expect(ask(code, own, { provider: "nimbus", rows }).verdicts).toEqual([
        ["blacklist failed 0", "~near_miss acme -103 T, acme high"],
      ]);
    }
  });

  it("takes two numbers for no single one", () => {
    expect(
      ask("E10:1", { provider: "acme", rows: [{ code: "E101", category: "blacklist" }] }).agreement,
    ).toBe("none");
  });
});

describe("no suggestion", () => {
  const rows = ["OTHER", "NONE", "REDACTED", "X"].map((code) => ({ code, category: "blacklist" }));

  it.each(["", " ", noCode, "_other", "_redacted", "13800000000", "1234-5678", "X".repeat(65)])(
    "for %j",
    (code) => {
      expect(ask(code, { provider: "acme", rows })).toEqual({ agreement: "none", verdicts: [] });
    },
  );

  it("for a code that nobody lists", () => {
    expect(ask("NEW_WORD", cmpp)).toEqual({ agreement: "none", verdicts: [] });
  });
});

it("answers for a provider and a scope that the map does not know", () => {
  const { agreement } = new Suggester(mapWithPacks(pack(cmpp), pack(nimbus))).of(
    "brand_new",
    "sms_report",
    "MK:0010",
  );
  expect(agreement).toBe("agreed");
});
