import { expect, it } from "vitest";
import { inProcess } from "./in-process.ts";

const see = "See dlr-exporter sample --help\n";

const rows = [
  {
    name: "an argument that is no flag",
    args: ["sms"],
    stderr: `dlr-exporter: sample takes flags only, not sms\n${see}`,
  },
  {
    name: "a reason that is written wrong",
    args: ["--reason", "not_a_reciept"],
    stderr: `dlr-exporter: unknown reason not_a_reciept; did you mean not_a_receipt?\n${see}`,
  },
  {
    name: "a flag of run alone",
    args: ["--group", "g"],
    stderr: `dlr-exporter: unknown flag --group\n${see}`,
  },
  {
    name: "a topic named twice",
    args: ["--topic", "t", "--topic", "t"],
    stderr: "--topic: the topic t is listed twice\n    --topic names it before.\n",
  },
];

it.each(rows)("ends with 2 for $name", async ({ args, stderr }) => {
  expect(await inProcess(["sample", ...args])).toEqual({ code: 2, stdout: "", stderr });
});

it("repeats no phone number that was given for something else", async () => {
  const { code, stderr } = await inProcess(["sample", "--reason", "13912345678"]);
  expect(code).toBe(2);
  expect(stderr).toContain("unknown reason _redacted: the reasons are tombstone, ");
});
