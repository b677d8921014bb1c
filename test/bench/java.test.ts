import { expect, it } from "vitest";
import { besideJava } from "./java.ts";
import { usual } from "./workload.ts";

it("says which shapes the Java program reads, before anything is sent", async () => {
  const measured = besideJava([], { ...usual, shape: "filebeat" }, 1, () => {});
  await expect(measured).rejects.toThrow(
    "the Java program reads tmc-sms, out-id, foreign, signed, not filebeat",
  );
});
