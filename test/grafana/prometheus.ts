import { prometheusMissing as missing } from "../lab/prometheus.ts";

/** Why a real Prometheus can't be run here; undefined when it can. */
export const prometheusMissing = missing();
