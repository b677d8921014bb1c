import { describe, expect, it } from "vitest";
import { flagReader, worked } from "../../../src/receipts/formats/flag.ts";

describe("a flag", () => {
  const read = flagReader({ delivered: worked.yes, failed: worked.no, pending: ["Waiting"] });
  const rows = [
    ...[true, "true", "True", 1, "1", "Y", "yes", "SUCCESS", "success", " Delivered "].map((value) => ({
      value,
      flag: "delivered",
    })),
    ...[false, "false", "FALSE", 0, "0", "N", "no", "Fail", "FAILED", "failure"].map((value) => ({
      value,
      flag: "failed",
    })),
    ...["waiting", "WAITING"].map((value) => ({ value, flag: "pending" })),
    ...[undefined, null, "", "  "].map((value) => ({ value, flag: "none" })),
    ...["maybe", 2, "2", -1, 1.5, [true], {}, { toString: 1 }].map((value) => ({ value, flag: "unread" })),
  ];
  it.each(rows)("$value: $flag", ({ value, flag }) => {
    expect(read(value)).toBe(flag);
    // what was met before is answered from memory
    expect(read(value)).toBe(flag);
  });

  it("is read the same after more values than are remembered", () => {
    for (let n = 0; n < 1_000; n++) expect(read(`state ${n}`)).toBe("unread");
    expect([read("y"), read("n"), read("state 5")]).toEqual(["delivered", "failed", "unread"]);
  });

  it("means what is listed first where a word is listed twice", () => {
    expect(flagReader({ delivered: ["1"], failed: ["1"] })(1)).toBe("delivered");
  });
});
