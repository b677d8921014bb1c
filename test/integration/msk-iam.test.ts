import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, it, type TestContext } from "vitest";
import { mainModule } from "../lab/exporter.ts";
import { ending } from "../lab/guarded.ts";
import { mskSigner } from "../lab/msk-signer.ts";
import { logEntries, runFlags } from "./counting.ts";
import { randomName, startExporter } from "./harness.ts";
import { describeWithLogins } from "./with-broker.ts";

const run = promisify(execFile);
const loginModule = new URL("../../src/kafka/login/msk-iam.ts", import.meta.url).href;
const signing = `const { signedToken } = await import("${loginModule}");
console.log(JSON.stringify(await signedToken({ mechanism: "aws_msk_iam", region: "eu-central-1" })));`;

/** Of nobody: nothing is asked of AWS to sign with them. */
const credentials = { AWS_ACCESS_KEY_ID: "AKIAOFNOBODY", AWS_SECRET_ACCESS_KEY: "hunter2-of-aws" };

describeWithLogins("the published signer of tokens for Amazon MSK", ({ secure }) => {
  let modules: string | Error;

  beforeAll(async () => {
    modules = await mskSigner().catch((error: Error) => error);
  });

  /** The environment of a process that has the package. */
  function withSigner(context: TestContext): Record<string, string> {
    if (modules instanceof Error) context.skip(`npm can't fetch it: ${modules.message}`);
    return { ...credentials, NODE_PATH: String(modules) };
  }

  it("signs a URL of the region's MSK for a login, which is good for minutes", async (context) => {
    const env = { ...process.env, ...withSigner(context) };
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", signing], { env });
    const { value, lifetimeMs } = JSON.parse(stdout) as { value: string; lifetimeMs: number };
    expect(value).toMatch(/^[\w-]+$/);
    const url = new URL(Buffer.from(value, "base64url").toString());
    expect(url.host).toBe("kafka.eu-central-1.amazonaws.com");
    expect(url.searchParams.get("Action")).toBe("kafka-cluster:Connect");
    expect(url.searchParams.get("X-Amz-Credential")).toMatch(
      /^AKIAOFNOBODY\/\d{8}\/eu-central-1\/kafka-cluster\//,
    );
    expect(url.href).not.toContain(credentials.AWS_SECRET_ACCESS_KEY);
    expect(lifetimeMs).toBeGreaterThan(60_000);
  });

  const login = {
    DLR_SASL_MECHANISM: "aws_msk_iam",
    DLR_SASL_REGION: "eu-central-1",
    DLR_LOG_LEVEL: "trace",
  };
  const flags = () => runFlags(secure.sasl, [randomName("msk")], randomName("msk"));

  it("has its token said to the broker, and the broker's refusal to the operator", async (context) => {
    const exporter = await startExporter(flags(), { ...login, ...withSigner(context) });
    expect(await exporter.ended).toBe(1);
    const errors = logEntries(exporter.log()).filter(({ level }) => level >= 40);
    expect(errors).toEqual([expect.objectContaining({ level: 60 })]);
    expect(errors[0]?.line).toMatch(/OAUTHBEARER: .*invalid_token/);
    expect(exporter.log()).not.toMatch(/hunter2|AKIAOFNOBODY|X-Amz/);
  });

  it("is named where it is not installed, before anything is done", async () => {
    const { code, stderr } = await ending(
      spawn(process.execPath, [mainModule, "run", ...flags(), "--port", "0"], {
        env: { ...process.env, ...login },
      }),
    );
    expect(code).toBe(1);
    expect(stderr).toContain("the login aws_msk_iam needs the package aws-msk-iam-sasl-signer-js");
    expect(stderr).not.toContain("listening");
  });
});
