import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Limits } from "./limits.ts";
import type { Refusals } from "./refusals.ts";

/** How long answers in flight may take once the server closes, in ms. */
const usualGrace = 1_000;

/**
 * The connections of an HTTP server, and the answers in flight on each: limits their number and their duration.
 *
 * Node.js calls a connection idle only after its first answer. One that never sent a request (browsers open such), or
 * only half of one, would keep a server from closing for minutes.
 */
export class Connections {
  readonly #server: Server;
  /** Oldest first. */
  readonly #underWay = new Map<Socket, number>();
  readonly #refusals: Refusals;
  #closing = false;

  /** @param server without a request listener so far, so that no answer can finish unnoticed */
  constructor(server: Server, { connections, answerMs }: Limits, refusals: Refusals) {
    this.#server = server;
    this.#refusals = refusals;
    server.on("connection", (socket) => {
      if (this.#underWay.size >= connections) this.#makeRoom();
      this.#underWay.set(socket, 0);
      socket.once("close", () => this.#underWay.delete(socket));
    });
    server.on("request", ({ socket }, response) => {
      this.#change(socket, 1);
      const late = setTimeout(() => {
        if (socket.destroyed) return;
        refusals.note("slow");
        socket.destroy();
      }, answerMs);
      response.once("close", () => {
        clearTimeout(late);
        this.#change(socket, -1);
      });
    });
  }

  /**
   * Accepts no new connections, closes idle ones at once, and the others after their last answer, or when the grace
   * period ends. Resolves when all are closed.
   *
   * @param grace how long answers in flight may take, in ms
   */
  async close(grace: number = usualGrace): Promise<void> {
    this.#closing = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const [socket, answers] of this.#underWay) if (answers === 0) socket.destroy();
    const cut = setTimeout(() => {
      for (const socket of this.#underWay.keys()) socket.destroy();
    }, grace);
    await closed;
    clearTimeout(cut);
  }

  /** Closes the oldest idle connection, or else the oldest: a flood locks nobody out. */
  #makeRoom(): void {
    const [oldest] = this.#underWay.keys();
    const waitsForNone = [...this.#underWay].find(([, answers]) => answers === 0)?.[0];
    const socket = waitsForNone ?? oldest;
    if (socket === undefined) return;
    this.#refusals.note("connections");
    this.#underWay.delete(socket);
    socket.destroy();
  }

  #change(socket: Socket, by: number): void {
    const answers = this.#underWay.get(socket);
    if (answers === undefined) return;
    this.#underWay.set(socket, answers + by);
    if (this.#closing && answers + by === 0) socket.destroySoon();
  }
}
