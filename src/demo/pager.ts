import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

// docker-compose.yml mounts only this file into a Node.js image, so it must not import other files.

/** The printed part of an alert, as in Alertmanager's webhook. */
interface Alert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** @throws SyntaxError, TypeError when it is not a message of Alertmanager's webhook */
async function readAlerts(request: IncomingMessage): Promise<readonly Alert[]> {
  const message: unknown = JSON.parse(await text(request));
  if (typeof message !== "object" || message === null || !("alerts" in message)) throw new TypeError();
  return message.alerts as readonly Alert[];
}

/** One line: severity, firing or resolved, what happened, where to see it, and what to do. */
function render(urgency: string, { status, labels, annotations }: Alert): string {
  const { alertname } = labels;
  const { description, command, runbook_url } = annotations;
  const shown = command === undefined ? "" : ` $ ${command}`;
  return `${urgency} ${status}: ${alertname}: ${description}${shown} → ${runbook_url}\n`;
}

const server = createServer(async (request, response) => {
  try {
    const urgency = (request.url ?? "").slice(1).toUpperCase();
    const lines = (await readAlerts(request)).map((alert) => render(urgency, alert));
    process.stdout.write(lines.join(""));
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end("no message of Alertmanager's webhook\n");
  }
});

server.listen(Number(process.argv[2]), () => {
  const address = server.address();
  if (typeof address === "object") process.stdout.write(`listening on ${address?.port}\n`);
});
