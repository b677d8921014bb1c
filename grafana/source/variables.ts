import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Context } from "./context.ts";
import type { Text } from "./language.ts";
import { dataSource } from "./panels/frame.ts";
import { chosen } from "./queries.ts";

/**
 * The variables of a dashboard. Both have provider and channel, so that a link carries them there and back; the
 * exporter's has them hidden, for they choose nothing in it.
 *
 * @param processes whether the dashboard is about processes, and has instances to choose from
 */
export function variables(processes: boolean, context: Context): Builder<VariableModel>[] {
  const { say } = context;
  // A job is chosen, never all: a replay beside the live job would show receipts twice. The first one is taken,
  // and dlr-exporter comes before dlr-replay. Jobs are those of the counts, because a replay has nothing else.
  const job = values("job", { en: "Job", zh: "任务" }, "dlr_receipts_total", context);
  const inJob = 'dlr_receipts_total{job=~"$job"}';
  const inTopic = `dlr_receipts_total{${chosen.topics}}`;
  const provider = all(values("provider", { en: "Provider", zh: "服务商" }, inTopic, context), context);
  const channel = all(values("channel", { en: "Channel", zh: "渠道" }, inTopic, context), context);
  const dimension = values(
    "dimension",
    { en: "Dimension", zh: "维度" },
    `dlr_receipts_by_total{${chosen.topics}}`,
    context,
  );
  const instance = values("instance", { en: "Instance", zh: "实例" }, 'dlr_build_info{job=~"$job"}', context);
  return [
    new DatasourceVariableBuilder("datasource")
      .label(say({ en: "Data source", zh: "数据源" }))
      .type("prometheus"),
    job,
    all(values("topic", { en: "Topic", zh: "Topic" }, inJob, context), context),
    processes ? provider.hide(VariableHide.HideVariable) : provider,
    processes ? channel.hide(VariableHide.HideVariable) : channel,
    // One is chosen, as with the job: a receipt is in every dimension once.
    processes ? all(instance, context) : dimension,
  ];
}

/** Values of a label, of which several may be chosen. */
function values(name: string, label: Text, selector: string, { say }: Context): QueryVariableBuilder {
  const query = `label_values(${selector}, ${name})`;
  return new QueryVariableBuilder(name)
    .label(say(label))
    .datasource(dataSource)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true);
}

/** Offers all values, and begins with them. */
function all(variable: QueryVariableBuilder, { say }: Context): QueryVariableBuilder {
  return variable
    .includeAll(true)
    .allValue(".*")
    .current({ text: [say({ en: "All", zh: "全部" })], value: ["$__all"] });
}
