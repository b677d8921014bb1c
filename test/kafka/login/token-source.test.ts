import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KafkaFailure } from "../../../src/kafka/failure.ts";
import { type Token, TokenSource } from "../../../src/kafka/login/token-source.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** An endpoint whose tokens are numbered, and good for 100 s. */
class Endpoint {
  asked = 0;
  down = false;
  readonly lines: string[] = [];
  readonly source = new TokenSource(
    () => this.#answer(),
    pino({ base: null }, { write: (line: string) => void this.lines.push(JSON.parse(line).msg) }),
  );

  async #answer(): Promise<Token> {
    this.asked++;
    if (this.down) throw new KafkaFailure("unreachable", "the token endpoint is down");
    return { value: `token ${this.asked}`, lifetimeMs: 100_000 };
  }
}

describe("TokenSource", () => {
  it("asks once for many connections, and gives the token again while it is fresh", async () => {
    const { source, ...endpoint } = new Endpoint();
    const tokens = await Promise.all([source.get(), source.get(), source.get()]);
    await vi.advanceTimersByTimeAsync(79_000);
    expect([...tokens, await source.get()]).toEqual(Array(4).fill("token 1"));
    expect(endpoint.lines).toEqual([]);
  });

  it("has another before the first one ends, without being asked", async () => {
    const endpoint = new Endpoint();
    await endpoint.source.get();
    await vi.advanceTimersByTimeAsync(80_000);
    expect(endpoint.asked).toBe(2);
    expect(await endpoint.source.get()).toBe("token 2");
    await vi.advanceTimersByTimeAsync(10 * 80_000);
    expect(endpoint.asked).toBe(12);
  });

  it("uses a token up where no other is to be had, says so, and takes up the next that is", async () => {
    const endpoint = new Endpoint();
    await endpoint.source.get();
    endpoint.down = true;
    await vi.advanceTimersByTimeAsync(84_000);
    expect(await endpoint.source.get()).toBe("token 1");
    expect(endpoint.lines[0]).toBe(
      "renewing the token failed, the current one is valid for another 15 s: the token endpoint is down",
    );
    endpoint.down = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await endpoint.source.get()).toBe(`token ${endpoint.asked}`);
  });

  it("gives nobody a token that is about to end, and asks ever less often then", async () => {
    const endpoint = new Endpoint();
    await endpoint.source.get();
    endpoint.down = true;
    await vi.advanceTimersByTimeAsync(95_000);
    for (let tenth = 0; tenth < 600; tenth++) {
      await expect(endpoint.source.get()).rejects.toThrow("the token endpoint is down");
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(endpoint.asked).toBeLessThan(20);
    endpoint.down = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await endpoint.source.get()).toMatch(/^token /);
  });
});
