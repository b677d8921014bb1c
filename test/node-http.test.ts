import { expect, it } from "vitest";
import { sources } from "./sources.ts";

it("only this module loads node:http, since an import of it loads fetch too", () => {
  const importing = sources
    .filter(({ loads }) => loads.some((name) => name === "node:http" || name === "node:https"))
    .map(({ file }) => file);
  // The demo is not a part of the program.
  expect(importing.filter((file) => !file.startsWith("demo/"))).toEqual(["node-http.ts"]);
});
