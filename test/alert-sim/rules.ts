import { z } from "zod";
import { readYaml, ruleFiles } from "../grafana/files.ts";

const span = z
  .string()
  .regex(/^\d+[mh]$/)
  .transform((text) => Number.parseInt(text, 10) * (text.endsWith("h") ? 60 : 1));

const ruleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.union([
          z.object({
            record: z.string(),
            expr: z.string(),
            labels: z.record(z.string(), z.string()).default({}),
          }),
          z.object({
            alert: z.string(),
            expr: z.string(),
            for: span,
            keep_firing_for: span.optional(),
            labels: z.object({ severity: z.string() }),
          }),
        ]),
      ),
    }),
  ),
});

/** A recording rule. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An alert, whoever wrote it. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** Minutes that the expression must hold before it fires. */
  readonly wait: number;
  /** Minutes that it goes on firing afterwards. */
  readonly keep: number;
}

/** What is to be evaluated, and in which order. */
export interface Rules {
  /** Recordings by level: one reads only what the levels before it have recorded, and what was scraped. */
  readonly levels: readonly (readonly Recording[])[];
  readonly alerts: readonly Alert[];
}

/**
 * Reads the committed rules.
 *
 * @param names of the alerts that are wanted, with the severity behind a space where it is not the first of its name;
 *   only the recordings that they need are given
 * @throws Error when an alert is not there
 */
export function readAlertRules(names: readonly string[]): Rules {
  const rules = ruleFiles().flatMap((file) =>
    ruleFile.parse(readYaml(file)).groups.flatMap((group) => group.rules),
  );
  const recordings = rules.filter((rule) => "record" in rule);
  const alerts = names.map((name) => {
    const [of, severity] = name.split(" ");
    const found = rules.find(
      (rule) =>
        "alert" in rule && rule.alert === of && rule.labels.severity === (severity ?? rule.labels.severity),
    );
    if (found === undefined || !("alert" in found)) throw new Error(`there is no alert ${name}`);
    return { alert: name, expr: found.expr, wait: found.for, keep: found.keep_firing_for ?? 0 };
  });
  return { levels: levelsOf(recordings, alerts), alerts };
}

/** Levels of the recordings that expressions need, those that need nothing first. */
function levelsOf(recordings: readonly Recording[], readers: readonly { expr: string }[]): Recording[][] {
  const byName = Map.groupBy(recordings, ({ record }) => record);
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const needed = (byName.get(name) ?? []).flatMap(({ expr }) => namesIn(expr));
    const depth = 1 + Math.max(-1, ...needed.filter((other) => byName.has(other)).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  for (const { expr } of readers) {
    for (const name of namesIn(expr)) if (byName.has(name)) depthOf(name);
  }
  const byDepth = Map.groupBy([...depths], ([, depth]) => depth);
  return [...byDepth]
    .sort(([one], [other]) => one - other)
    .map(([, level]) => level.flatMap(([name]) => byName.get(name) ?? []));
}

/** Every word of an expression that may be a series' name. */
function namesIn(expr: string): string[] {
  return [...new Set(expr.match(/[a-zA-Z_:][\w:]*/g))];
}
