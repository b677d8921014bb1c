import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { packagedFile, threadFile } from "../src/packaged.ts";
import { sources } from "./sources.ts";

/** What the sources ask a function of src/packaged.ts for. */
function asked(name: string): string[] {
  return sources.flatMap(({ code }) =>
    [...code.matchAll(new RegExp(`${name}\\("([^"]+)"\\)`, "g"))].map(([, path]) => path ?? ""),
  );
}

describe("packagedFile", () => {
  it.each(asked("packagedFile"))("finds %s", (path) => {
    expect(existsSync(packagedFile(path)), fileURLToPath(packagedFile(path))).toBe(true);
  });

  it("finds them from what is built too, which lies as deep", () => {
    expect(existsSync("dist/packaged.js")).toBe(true);
  });
});

describe("threadFile", () => {
  const threads = asked("threadFile");

  it("is asked for threads", () => {
    expect(threads).toHaveLength(2);
  });

  it.each(threads)("finds %s among the sources, and the build has it", (name) => {
    expect(existsSync(threadFile(name))).toBe(true);
    expect(existsSync(`dist/${name}.js`)).toBe(true);
  });
});
