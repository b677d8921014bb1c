import { expect, test } from "vitest";
import type { CodeMap } from "../../src/codes/code-map.ts";
import { type Difference, diffMaps } from "../../src/codes/diff.ts";
import { parseCodeMap } from "../../src/codes/parse.ts";
import { smallMap } from "./small-map.ts";

function mapOf(text: string): CodeMap {
  const parsed = parseCodeMap(text, "map.yaml");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.map;
}

const expired = `exp-1: { category: unknown, outcome: unknown, fault: carrier, retryable: yes, zh: 过期, en: Expired }`;
const own = { provider: "acme", scope: "sms_receipt" };

test.each<{ name: string; from: string; to: string; differences: Difference[] }>([
  { name: "the same", from: "version: 1", to: "version: 1 # of October", differences: [] },
  {
    name: "another category and note",
    from: "category: empty_number\n          outcome: failed\n          fault: recipient\n          retryable: no\n          zh: 空号\n          en: Empty number\n          note: Not 12",
    to: "category: unknown\n          outcome: failed\n          fault: recipient\n          retryable: no\n          zh: 空号\n          en: Empty number",
    differences: [
      {
        ...own,
        code: "012",
        change: "changed",
        fields: [
          { field: "category", before: "empty_number", after: "unknown" },
          { field: "note", before: "Not 12", after: null },
        ],
      },
    ],
  },
  {
    name: "another spelling of one code",
    from: "exp-1: {",
    to: "EXP-1: {",
    differences: [
      {
        ...own,
        code: "EXP-1",
        change: "changed",
        fields: [{ field: "code", before: "exp-1", after: "EXP-1" }],
      },
    ],
  },
  {
    name: "a code that is new",
    from: expired,
    to: `${expired}\n        X: { category: unknown, outcome: failed, fault: none, retryable: no, zh: 未知, en: New }`,
    differences: [
      {
        ...own,
        code: "X",
        change: "added",
        fields: [
          { field: "channel", before: null, after: "sms" },
          { field: "code", before: null, after: "X" },
          { field: "category", before: null, after: "unknown" },
          { field: "outcome", before: null, after: "failed" },
          { field: "fault", before: null, after: "none" },
          { field: "retryable", before: null, after: "false" },
          { field: "zh", before: null, after: "未知" },
          { field: "en", before: null, after: "New" },
        ],
      },
    ],
  },
  {
    name: "the channel of a table",
    from: "channel: sms\n      kind: api",
    to: "channel: voice\n      kind: api",
    differences: [
      {
        provider: "acme",
        scope: "send_api",
        code: "OK",
        change: "changed",
        fields: [{ field: "channel", before: "sms", after: "voice" }],
      },
    ],
  },
])("$name", ({ from, to, differences }) => {
  const changed = smallMap.replace(from, to);
  if (from !== to) expect(changed).not.toBe(smallMap);
  const [before, after] = [mapOf(smallMap), mapOf(changed)];
  expect(diffMaps(before, after)).toEqual(differences);

  const swapped = { added: "removed", removed: "added", changed: "changed" } as const;
  const back = diffMaps(after, before).map(({ change, fields }) => ({
    change: swapped[change],
    fields: fields.map(({ field, ...own }) => ({ field, before: own.after, after: own.before })),
  }));
  expect(back).toEqual(differences.map(({ change, fields }) => ({ change, fields })));
});
