/** The colour of each category of the packaged code map, the same in every panel. Others get one of Grafana's. */
export const categoryColours: Readonly<Record<string, string>> = {
  delivered: "#56A64B",
  delivered_partial: "#96D98D",
  in_progress: "#8AB8FF",
  accepted: "#3274D9",
  empty_number: "#FF9830",
  invalid_number: "#FFCB7D",
  suspended: "#B877D9",
  power_off: "#5794F2",
  unreachable: "#33B5E5",
  busy: "#FADE2A",
  no_answer: "#6ED0E0",
  call_rejected: "#D9804A",
  input_timeout: "#B89B3C",
  blacklist: "#E02F44",
  number_restricted: "#A95FD6",
  rate_limited: "#F2CC0C",
  content_blocked: "#FF7383",
  template_invalid: "#9C86D1",
  template_param_missing: "#A352CC",
  signature_invalid: "#CA95E5",
  parameter_invalid: "#C0D8FF",
  voice_file_invalid: "#A99BE0",
  display_number_invalid: "#8F7FC7",
  account_suspended: "#FF4DA6",
  account_invalid: "#FF80C0",
  product_not_enabled: "#FFB3DA",
  carrier_error: "#3D71D9",
  network_congestion: "#56A9E8",
  system_error: "#7FA8DC",
  call_not_active: "#9FA7B3",
  recipient_unavailable: "#C4A3E8",
  rejected: "#C15C17",
  expired: "#7C7FD1",
  handset_error: "#806EB7",
  number_ported: "#4FA3A5",
  canceled: "#B7BDC8",
  time_window_blocked: "#E0B400",
  unknown_reason: "#6B7079",
  unknown: "#808080",
};

/** A colour from a value on; the first has none: it holds below all others. */
export interface Step {
  readonly value: number | null;
  readonly color: string;
}

/** @param base the colour below the first bound @param bounds in rising order: the value, and the colour from it on */
export function steps(base: string, ...bounds: readonly (readonly [number, string])[]): Step[] {
  return [{ value: null, color: base }, ...bounds.map(([value, color]) => ({ value, color }))];
}

/** For how many times what is expected there is of something. Alerts fire at about three times. */
export const timesExpectedSteps = steps("green", [2, "orange"], [3, "red"]);

/** For what is neither good nor bad by itself. */
export const neutral = steps("blue");
