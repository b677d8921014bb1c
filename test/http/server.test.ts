import { createConnection } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { Listening } from "../../src/http/server.ts";
import { Servers } from "./site.ts";

const servers = new Servers();

function request({ port }: Listening, path: string, method = "GET"): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { method });
}

afterEach(() => servers.close());

it("says in one sentence why it is not ready, and is healthy meanwhile", async () => {
  const server = await servers.listen({ readiness: () => ({ obstacle: "joining the group", remarks: [] }) });
  const ready = await request(server, "/-/ready");
  expect([ready.status, await ready.text()]).toEqual([503, "not ready: joining the group\n"]);
  expect((await request(server, "/-/healthy")).status).toBe(200);
});

it("is ready with what no restart would mend, a line each", async () => {
  const remarks = ["topic b does not exist", "partition 3 of topic a has no leader"];
  const server = await servers.listen({ readiness: () => ({ obstacle: undefined, remarks }) });
  const ready = await request(server, "/-/ready");
  expect([ready.status, await ready.text()]).toEqual([200, `ready\n${remarks.join("\n")}\n`]);
});

it("answers a failed reload with every problem, its place and its hint", async () => {
  const problem = {
    file: "map.yaml",
    line: 3,
    column: 7,
    message: "there is no category emtpy",
    hint: "Mend it.",
  };
  const problems = [problem, { ...problem, line: 9 }];
  const server = await servers.listen({ reload: async () => ({ ok: false, problems }) });
  const response = await request(server, "/-/reload", "POST");
  expect([response.status, await response.text()]).toEqual([
    500,
    "the code map was not reloaded; the previous one stays in use\n" +
      "map.yaml:3:7: there is no category emtpy\n    Mend it.\n" +
      "map.yaml:9:7: there is no category emtpy\n    Mend it.\n",
  ]);
});

it("answers 500 when a scrape fails, and goes on serving", async () => {
  const server = await servers.listen({ scrape: () => Promise.reject(new Error("a metric is missing")) });
  const response = await request(server, "/metrics");
  expect([response.status, await response.text()]).toEqual([500, "a metric is missing\n"]);
  expect((await request(server, "/-/healthy")).status).toBe(200);
});

it("rejects when its port is taken", async () => {
  const { port } = await servers.listen();
  await expect(servers.listen({}, undefined, port)).rejects.toThrow(
    `address already in use 127.0.0.1:${port}`,
  );
});

it("takes no connection any more once it is closed, though one was kept alive", async () => {
  const server = await servers.listen();
  await (await request(server, "/metrics")).text();
  await server.close();
  const refused = new Promise((resolve) => createConnection(server.port, "127.0.0.1").once("error", resolve));
  expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
});
