import { prometheusMissing as missing } from "../../src/demo/prometheus.ts";

/** Why a real Prometheus can't be run here; undefined when it can. */
export const prometheusMissing = missing();
