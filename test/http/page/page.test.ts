import { describe, expect, it } from "vitest";
import { renderPage } from "../../../src/http/page/page.ts";
import { busyStatus, emptyStatus, hostileStatus } from "../example-status.ts";

const address = "http://exporter:9464";

/** What a person reads of a page, without its marks; lines by element. */
function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]*>/g, "\n")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s*\n\s*/g, "\n");
}

describe("in English", () => {
  const shown = textOf(renderPage(busyStatus, "en", address));

  it.each([
    ["that it is ready", "Ready: receipts are counted and committed."],
    ["what a restart does not fix", "topic voice does not exist; it will be read as soon as it does"],
    ["the lag, and of how many it is not known", "Lag (records)\n1,403\nunknown for 1"],
    ["the newest event and its age", "Newest event\n2026-11-26 03:12:31\n14 s ago"],
    ["a topic with the partitions owned of all", "sms\nreading\n1,403\n3 / 6\n0\naliyun"],
    [
      "a partition that waits, and why",
      "sms\n4\nhas no leader\nunknown\n88,120\n2026-11-26 02:58:10\n14 min 35 s ago",
    ],
    ["what the minutes cover", "last 5 min 45 s\nlast 1 h"],
    ["a category in both spans", "Blacklist\nblacklist\nfailed\n1,904\n5,112"],
    ["the delivered share", "Delivered share\n90.30 %\n93.90 %"],
    ["a new code", "MK:0010\naliyun\nsms_receipt\n231\n231\n2026-11-26 02:51:07\n21 min 38 s ago"],
    ["a code from before the start", "XL:7\naliyun\nsms_receipt\n29\n0\nbefore the start\nbefore the start"],
    ["receipts without a code to show", "Unknown, but without a code to show: 3 (_none 2, _redacted 1)."],
    ["the command for unknown codes", `dlr-exporter codes unknown --exporter ${address}`],
    [
      "what other tables say of it",
      "MK:0010\naliyun\n/\nsms_receipt\nUnreachable\n: 2 independent sources agree",
    ],
    ["who says so", "a carrier's protocol:\ncmpp\n/\nsms_receipt\nMK:0010\nNo answer from the handset"],
    ["what would list it", 'codes:\n"MK:0010": { category: unreachable, outcome: failed }'],
    ["that nobody knows a code", "XL:7\naliyun\n/\nsms_receipt\nno table has a similar code"],
    ["a malformed reason", "sms\nnot_json\n12\n40"],
    [
      "the command for it",
      "dlr-exporter sample --brokers kafka-1:9092 --topic sms --reason not_json --from -1h",
    ],
    ["an ignored kind", "uplink\n3\n903"],
    ["the map in use", "0a1b2c3d4e5f\n, 84 codes of 1 provider. Loaded: \n2026-11-26 03:12:03"],
    ["its files", "/etc/dlr/code-map.yaml\n0a1b2c3d4e5f\n84"],
  ])("it shows %s", (_, text) => {
    expect(shown).toContain(text.replace(/ ?\n/g, "\n"));
  });
});

it("says the same in Chinese, and what the exporter says itself in English", () => {
  const page = renderPage({ ...busyStatus, ready: false, obstacle: "joining the group" }, "zh", address);
  expect(page).toContain('<html lang="zh-CN">');
  expect(page).toContain('未就绪： <span lang="en">joining the group</span>');
  const shown = textOf(page);
  for (const text of ["黑名单\nblacklist\n失败\n1,904", "送达率\n90.30 %", "21 分钟 38 秒前", "_none 2"])
    expect(shown).toContain(text);
  expect(page).toContain('<a href="/?lang=en" hreflang="en" lang="en">English</a>');
});

it("says after a start what the minutes cover, and that there is nothing yet", () => {
  const shown = textOf(renderPage(emptyStatus, "en", address));
  expect(shown).toContain("Delivered share, since the start 42 s ago\nunknown");
  expect(shown).toContain("No receipts counted. (since the start 42 s ago)");
  expect(shown).toContain("This instance owns no partition.");
  expect(shown).toContain("None: the code map lists every code received.");
  expect(shown).toContain("None: every record could be read.");
});

it("says how many rows were left out, list by list", () => {
  const more = {
    ...{ remarks: 1_001, topics: 1_002, partitions: 1_003, categories: 1_004 },
    ...{ unknown_codes: 1_005, malformed: 1_006, ignored: 1_007, files: 1_008 },
  };
  const shown = textOf(renderPage({ ...busyStatus, more }, "en", address));
  for (const count of Object.values(more))
    expect(shown).toContain(`… and ${count.toLocaleString("en-US")} more`);
  // of all that is in the example, one source alone is left out
  expect(textOf(renderPage(busyStatus, "en", address)).match(/… and .*/g)).toEqual(["… and 1 more"]);
});

it("says that the map was not read the last time", () => {
  const map = { ...busyStatus.code_map, last_reload_successful: false };
  expect(textOf(renderPage({ ...busyStatus, code_map: map }, "en", address))).toContain(
    "✗ The last reload failed: the previous map is in use.",
  );
});

it.each(["en", "zh"] as const)("takes no markup from what it shows (%s)", (language) => {
  const page = renderPage(hostileStatus, language, `"><script>`);
  const own = renderPage(busyStatus, language, address);
  const elements = (text: string) => new Set(Array.from(text.matchAll(/<(\w+)/g), ([, tag]) => tag));
  const attributes = (text: string) => new Set(Array.from(text.matchAll(/ ([\w-]+)="/g), ([, tag]) => tag));
  for (const element of elements(page)) expect(elements(own)).toContain(element);
  for (const attribute of attributes(page)) expect(attributes(own)).toContain(attribute);
  expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]|\0/);
});
