import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * The HTTP of Node.js. An `import` loads all of its exports, one of which pulls in all of `fetch` and WebSocket: 40 ms of
 * CPU for each command.
 */
export const http = require("node:http") as typeof import("node:http");
export const https = require("node:https") as typeof import("node:https");
