import { CodeMap } from "../../src/codes/code-map.ts";
import { type Surroundings, tableKey } from "../../src/codes/layer.ts";
import { mergeLayers } from "../../src/codes/merge.ts";
import { parsePack } from "../../src/codes/parse-pack.ts";
import { parseMapLayer, readerOf } from "../../src/codes/parse.ts";

/** A code map with the categories that the pack below needs, each with its defaults. */
export const packBase = `version: 1
categories:
  delivered: { en: Delivered, zh: 已送达, outcome: delivered, fault: none, retryable: no }
  accepted: { en: Accepted, zh: 已受理, outcome: accepted, fault: none, retryable: no }
  unknown: { en: Unknown, zh: 未知, outcome: unknown, fault: none, retryable: no }
  blacklist: { en: Blacklist, zh: 黑名单, outcome: failed, fault: recipient, retryable: no }
  power_off: { en: Powered off, zh: 关机, outcome: failed, fault: recipient, retryable: yes }
  bare: { en: Bare, zh: 无 }
providers:
  acme:
    sms_receipt:
      channel: sms
      kind: receipt
      title: SMS receipts
      codes:
        "1": { category: power_off }
`;

/** The pack of a provider that does not exist. */
export const smallPack = `version: 1
provider: nimbus
names: { en: Nimbus, zh: 雨云 }
sources:
  sms: { title: SMS codes, edition: 2024-12 }
  draft: { title: Draft, edition: v2 }
scopes:
  sms_receipt:
    channel: sms
    kind: receipt
    title: SMS receipts
    source: sms
    codes:
      delivered:
        - OK
      blacklist:
        - "DB:0144"
        - { code: "db:0141", confidence: medium, note: The carrier's own, note_zh: 运营商自有, source: draft }
        - { code: "07", outcome: unknown, fault: carrier, retryable: yes, en: Listed, zh: 在名单中 }
    suggestions:
      - { code: UNDELIV, category: power_off, confidence: low, source: draft, note: Some say so }
  send_api:
    channel: sms
    kind: api
    title: Send
    api: nimbus.send
    codes:
      blacklist: ["9"]
`;

/** The pack's `shapes`, to be appended to it. */
export const smallShapes = `shapes:
  nimbus-sms:
    reads: Nimbus's report
    objects:
      - when: [{ has: /nimbus_id }]
        scope: sms_receipt
        code: [{ at: /nimbus_error, except: "0" }, /nimbus_code]
        flag: /nimbus_state
`;

/** What a pack is read beside. */
export function packSurroundings(): Surroundings {
  const { layer } = parseMapLayer(readerOf(packBase, "base.yaml"), packBase, "base.yaml", undefined);
  return {
    categories: layer.categories,
    tables: new Map(layer.tables.map((table) => [tableKey(table), table])),
  };
}

/** The map above with packs beneath it. */
export function mapWithPacks(...packs: readonly string[]): CodeMap {
  const around = packSurroundings();
  const layers = packs.map((text) => {
    const { layer, problems } = parsePack(readerOf(text, "pack.yaml"), text, "pack.yaml", around);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    return layer;
  });
  const { layer } = parseMapLayer(readerOf(packBase, "base.yaml"), packBase, "base.yaml", undefined);
  const { tables } = mergeLayers([...layers, layer]);
  return new CodeMap({ hash: "0123456789ab", categories: around.categories, tables });
}

/** The pack of a provider whose receipts have these codes, all of them blacklist. */
export function packOf(provider: string, codes: readonly string[]): string {
  const list = codes.map((code) => JSON.stringify(code)).join(", ");
  const table = `channel: sms, kind: receipt, title: T, codes: { blacklist: [${list}] }`;
  return `version: 1\nprovider: ${provider}\nnames: { en: A, zh: 甲 }\nscopes: { sms_receipt: { ${table} } }\n`;
}
