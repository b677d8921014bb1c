import { describe, expect, it } from "vitest";
import { duplicatesSchema } from "../../src/config/duplicate-schema.ts";

function wrongWith(value: unknown): string[] {
  return (duplicatesSchema.safeParse(value).error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")} ${message}`,
  );
}

describe("a topic's duplicates", () => {
  it("are looked for by a key of one part or several, in a window that has a default", () => {
    expect(duplicatesSchema.parse({ key: "/biz_id" })).toEqual({ key: ["/biz_id"], window: 100_000 });
    expect(duplicatesSchema.parse({ key: ["/a/0", "/b"], window: "5" })).toEqual({
      key: ["/a/0", "/b"],
      window: 5,
    });
  });

  it.each([
    [{}, "key"],
    [{ key: [] }, "key must name a place"],
    [{ key: "biz_id" }, "must be a JSON Pointer from the receipt"],
    [{ key: "" }, "key"],
    [{ key: "/a~b" }, "is wrong: "],
    [{ key: ["/a", "/a"] }, "key names a place twice"],
    [{ key: ["/a", "/b", "/c", "/d", "/e"] }, "key must not have more than 4 parts"],
    [{ key: "/a", window: "0" }, "window"],
    [{ key: "/a", window: "1000001" }, "window"],
    [{ key: "/a", windows: "1" }, "windows"],
  ])("are refused as %j", (value, what) => {
    expect(wrongWith(value).join("\n")).toContain(what);
  });
});
