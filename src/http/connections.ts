import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Limits } from "./limits.ts";
import type { Refusals } from "./refusals.ts";

/** How long answers that are under way may take once the server closes, in ms. */
const usualGrace = 1_000;

/**
 * The connections of an HTTP server, and how many answers are under way on each: not too many, and none for too long.
 *
 * Node.js calls a connection idle once it has had an answer. One that never asked for anything (a browser opens such),
 * or has sent half a request, would keep a server from closing for minutes.
 */
export class Connections {
  readonly #server: Server;
  /** In the order in which they came. */
  readonly #underWay = new Map<Socket, number>();
  readonly #refusals: Refusals;
  #closing = false;

  /** @param server one that has no listener for requests yet, so that no answer is over before it is known */
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
   * Takes no new connection, ends those that wait for no answer at once, and the others with their last answer, though
   * a client that does not read it is not waited for. Resolves when all are closed.
   *
   * @param grace how long the answers that are under way may take, in ms
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

  /** Ends the oldest connection that waits for no answer, or the oldest of all: a flood keeps nobody else out. */
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
