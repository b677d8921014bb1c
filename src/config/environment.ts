import { didYouMean, type Problem } from "../diagnostics.ts";
import { configFile, fields } from "./fields.ts";

/** The prefix of our variables. */
const prefix = "DLR_";

const known = [configFile.env, ...fields.flatMap(({ env }) => env ?? [])];

/**
 * Variables that look like ours, but are not read: unknown names with our prefix, and our names in lower case. An
 * empty one counts as not set. Values are not shown, since they may be anything.
 */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): Problem[] {
  const names = Object.keys(env).filter(
    (name) => (name.startsWith(prefix) || isInSmall(name, env)) && env[name],
  );
  const services = names.flatMap((name) => /^(.+)_SERVICE_HOST$/.exec(name)?.[1] ?? []);
  return names
    .filter((name) => !known.includes(name) && !services.some((service) => isOfService(name, service)))
    .map((name) => {
      const meant = didYouMean(
        name.slice(prefix.length).toUpperCase(),
        known.map((own) => own.slice(prefix.length)),
      );
      const hint =
        meant === undefined
          ? `Unset it: no setting has that name. The variables are ${known.join(", ")}.`
          : `Did you mean \`${prefix}${meant}\`?`;
      return { file: name, line: 0, column: 0, message: "there is no such variable", hint };
    });
}

/** Whether it is one of ours except for its case, and not read because of that: on Windows it is. */
function isInSmall(name: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const own = name.toUpperCase();
  return own !== name && known.includes(own) && env[own] !== env[name];
}

/** Kubernetes sets such variables for each Service in the namespace, and one may be called `dlr-exporter`. */
function isOfService(name: string, service: string): boolean {
  if (!name.startsWith(`${service}_`)) return false;
  return /^(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/.test(
    name.slice(service.length + 1),
  );
}
