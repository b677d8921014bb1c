import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { ending } from "../lab/guarded.ts";

const dockerfile = readFileSync("Dockerfile", "utf8");
/** Instructions, each on one line. */
const instructions = dockerfile
  .replace(/^#.*\n/gm, "")
  .replaceAll(/ *\\\n */g, " ")
  .split("\n");

describe("on amd64 and arm64", () => {
  it("no step is of one of them: both stages run on the platform that is built for", () => {
    expect(
      instructions.filter((line) => /--platform|TARGETARCH|x64|x86|amd64|arm64|aarch64/.test(line)),
    ).toEqual([]);
  });

  it("the lock file has each compiled part of what is installed, for both", () => {
    const { packages } = z
      .object({ packages: z.record(z.string(), z.object({ dev: z.boolean().default(false) })) })
      .parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
    const installed = Object.keys(packages).filter((path) => packages[path]?.dev === false);
    const compiled = installed.filter((path) => path.endsWith("-linux-x64-gnu"));
    expect(compiled.length).toBeGreaterThan(1);
    expect(installed).toEqual(
      expect.arrayContaining(compiled.map((path) => path.replace("-x64-gnu", "-arm64-gnu"))),
    );
  });
});

it("says what it is, in the labels of OCI", () => {
  const line = instructions.find((text) => text.startsWith("LABEL "));
  const labels = Object.fromEntries(
    [...(line ?? "").matchAll(/org\.opencontainers\.image\.([\w.]+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const [, base] = /^FROM (\S+)$/m.exec(dockerfile) ?? [];
  expect(labels).toMatchObject({
    title: manifest.name,
    version: manifest.version,
    licenses: manifest.license,
    "base.name": `docker.io/library/${base}`,
    revision: "$REVISION",
  });
});

describe("the health check", () => {
  const given = /^HEALTHCHECK .*CMD (\[.*\])$/.exec(
    instructions.find((text) => text.startsWith("HEALTH")) ?? "",
  );
  const [program, ...args] = z.array(z.string()).parse(JSON.parse(given?.[1] ?? "[]"));

  const check = (port: number) =>
    ending(spawn(process.execPath, args, { env: { PATH: process.env.PATH, DLR_PORT: `${port}` } }));

  it("is of the program that the image has", () => {
    expect(program).toBe("node");
  });

  it.each([
    { status: 200, code: 0 },
    { status: 503, code: 1 },
  ])("ends with $code when /-/healthy answers $status", async ({ status, code }) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = server.address() as AddressInfo;
      expect(await check(port)).toMatchObject({ code, stderr: "" });
      expect(asked).toEqual(["/-/healthy"]);
    } finally {
      server.close();
    }
  });

  it("ends with 1 when nobody answers", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect((await check(port)).code).toBe(1);
  });
});
