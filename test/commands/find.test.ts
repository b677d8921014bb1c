import { expect, it } from "vitest";
import { inProcess } from "./in-process.ts";

const see = "See dlr-exporter find --help\n";

it.each([
  { args: ["DB:0141"], stderr: `dlr-exporter: find takes flags only, not DB:0141\n${see}` },
  {
    args: ["--category", "blacklists"],
    stderr: `dlr-exporter: unknown category blacklists; did you mean blacklist?\n${see}`,
  },
  { args: ["--group", "g"], stderr: `dlr-exporter: unknown flag --group\n${see}` },
])("ends with 2 for $args", async ({ args, stderr }) => {
  expect(await inProcess(["find", ...args])).toEqual({ code: 2, stdout: "", stderr });
});

it("repeats no phone number that was given as a code", async () => {
  const { code, stderr } = await inProcess(["find", "--code", "13912345678"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^dlr-exporter: --code _redacted may be a phone number/),
  });
});
