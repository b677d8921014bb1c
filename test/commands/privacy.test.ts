import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCodeMap } from "../../src/codes/load.ts";
import { shapes } from "../../src/demo/shapes.ts";
import { renderProblems } from "../../src/diagnostics.ts";
import { CounterText } from "../../src/metrics/counter-text.ts";
import { createDecoder } from "../../src/receipts/decode.ts";
import type { Receipt } from "../../src/receipts/receipt.ts";
import { skeletonOfRecord } from "../../src/receipts/skeleton.ts";
import { smallMap } from "../codes/small-map.ts";
import { commit, nothing, open } from "../ledger/partitions.ts";
import { rawRecord, shapeOf } from "../receipts/support.ts";
import { numbersInText, shows, type WrittenNumber } from "../written-numbers.ts";
import { inProcess } from "./in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlr-privacy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** How many numbers are put at each place; `PRIVACY_RUNS=20` tries as many as take half a minute. */
const numRuns = Number(process.env.PRIVACY_RUNS ?? 5);

/** Records of every shape whose code is a text. */
function recordsWith(code: string): string[] {
  const event = { code, delivered: false, phone: "13000000000", id: "1", sentAt: 0, receivedAt: 1 };
  const { aliyunSms, ...single } = shapes;
  return [aliyunSms([event]), ...Object.values(single).map((shape) => shape(event))];
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Neither stream of a command shows the number. */
async function tell(argv: readonly string[], number: WrittenNumber, stdin: string[] = []): Promise<string> {
  const { stdout, stderr } = await inProcess(argv, { stdin });
  expect({ argv, shown: shows(stdout + stderr, number), stdout, stderr }).toMatchObject({ shown: false });
  return stdout + stderr;
}

describe("a number in place of a code", () => {
  it("is in no receipt, no label and no page", () => {
    const decode = createDecoder(shapeOf());
    fc.assert(
      fc.property(numbersInText, (number) => {
        const receipts: Receipt[] = [];
        for (const record of recordsWith(number.text)) decode(rawRecord(record), receipts);
        expect(receipts.length).toBeGreaterThan(5);
        expect(receipts.filter(({ code }) => code !== "_redacted")).toEqual([]);
        const partition = open(nothing);
        partition.expose();
        partition.count(receipts, undefined, 0);
        partition.next++;
        commit(partition);
        partition.expose();
        commit(partition);
        const { counters } = partition.expose();
        const page = new CounterText().write([{ ledger: partition, counters }]);
        expect(page).toContain('code="_redacted"');
        expect(shows(page, number)).toBe(false);
      }),
      { numRuns: 40 * numRuns },
    );
  });

  it.each([["json"], ["table"]])("is in no output of classify and codes unknown (%s)", async (output) => {
    await fc.assert(
      fc.asyncProperty(numbersInText, async (number) => {
        const records = [recordsWith(number.text).join("\n")];
        const input = ["--input", "-", "--output", output];
        expect(await tell(["classify", ...input], number, records)).toContain("_redacted");
        expect(await tell(["codes", "unknown", ...input], number, records)).toContain("_redacted");
        expect(await tell(["classify", "--output", output, "--", number.text], number)).toContain(
          "_redacted",
        );
      }),
      { numRuns },
    );
  });
});

it("a number is in no shape of a record that can't be read, as a value or as a name", () => {
  fc.assert(
    fc.property(numbersInText, (number) => {
      const { text } = number;
      const records = [
        text,
        JSON.stringify({ [text]: { mine: text, list: [text] } }),
        JSON.stringify({ message: JSON.stringify({ [text]: text }) }),
        new URLSearchParams({ mine: text, yours: text }).toString(),
      ];
      for (const record of records) {
        expect(shows(skeletonOfRecord(rawRecord(record), undefined), number)).toBe(false);
      }
    }),
    { numRuns: 40 * numRuns },
  );
});

describe("a number in what an operator wrote", () => {
  const quoted = (text: string) => JSON.stringify(text);

  it.each([
    { name: "a code", from: "exp-1:", to: (text: string) => `${text}:` },
    { name: "a description", from: "en: Expired", to: (text: string) => `en: ${text}` },
    { name: "a title", from: "title: Send", to: (text: string) => `title: ${text}` },
    { name: "a category", from: "category: unknown", to: (text: string) => `category: ${text}` },
    { name: "a key", from: "note:", to: (text: string) => `${text}:` },
    { name: "a test row", from: "code: 012", to: (text: string) => `code: ${text}` },
    { name: "what is no YAML", from: "tests:", to: (text: string) => `tests: [ ${text} ] ]` },
  ])("is not in what check and a reload say of a map with it as $name", async ({ from, to }) => {
    await fc.assert(
      fc.asyncProperty(numbersInText, async (number) => {
        const file = write("map.yaml", smallMap.replace(from, to(quoted(number.text))));
        await tell(["check", "--code-map", file], number);
        const loaded = await loadCodeMap(file);
        if (!("problems" in loaded)) return;
        expect(shows(JSON.stringify(loaded.problems), number)).toBe(false);
        expect(shows(renderProblems(loaded.problems), number)).toBe(false);
      }),
      { numRuns },
    );
  });

  it.each([
    { name: "a code", from: "exp-1:", to: (text: string) => `${text}:`, says: "looks like a phone number" },
    {
      name: "a description",
      from: "en: Expired",
      to: (text: string) => `en: ${text}`,
      says: "en contains what looks",
    },
    {
      name: "a category's name",
      from: "accepted:",
      to: () => "x13900000000:",
      says: "is not a valid name for a category",
    },
  ])("is refused in a map as $name, with its place", async ({ from, to, says }) => {
    const file = write("map.yaml", smallMap.replace(from, to('"139 0000 0000"')));
    const { code, stderr } = await inProcess(["check", "--code-map", file]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`yaml:\\d+:\\d+: .*${says}`)),
    });
  });

  it("may be a listed code while it is too short for a phone number", async () => {
    const file = write("map.yaml", smallMap.replace("exp-1:", '"20001234":'));
    const argv = ["classify", "20001234", "20001235", "--provider", "acme", "--code-map", file];
    const { stdout } = await inProcess([...argv, "--output", "json"]);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ code: "20001234", scope: "sms_receipt" }),
      expect.objectContaining({ input: "_redacted", code: "_redacted", category: "unknown" }),
    ]);
  });

  it.each([
    { name: "a value", text: (number: string) => `port: ${number}\n` },
    { name: "a key", text: (number: string) => `${number}: 1\n` },
    { name: "a value in force", text: (number: string) => `group: ${number}\n` },
  ])("is not in what check says of a configuration with it as $name", async ({ text }) => {
    await fc.assert(
      fc.asyncProperty(numbersInText, async (number) => {
        await tell(["check", "--config", write("dlr.yaml", text(quoted(number.text)))], number);
      }),
      { numRuns },
    );
  });

  it("is in no complaint about the arguments", async () => {
    await fc.assert(
      fc.asyncProperty(numbersInText, async (number) => {
        const { text } = number;
        await tell([text], number);
        await tell(["check", "--", text], number);
        await tell(["classify", "12", "--scope", text], number);
        await tell(["classify", "12", `--${text}`], number);
        await tell(["classify", "--input", text], number);
      }),
      { numRuns },
    );
  });
});
