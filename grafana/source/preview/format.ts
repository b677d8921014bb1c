/**
 * A number as Grafana would write it.
 *
 * @param unit one of Grafana's: `percentunit`, `s`, `bytes`, `dateTimeAsIso`, `suffix:…`; others are plain numbers
 * @param decimals how many; by default as many as the size asks for
 */
export function formatNumber(value: number, unit: string, decimals?: number): string {
  if (!Number.isFinite(value)) return "NaN";
  if (unit.startsWith("suffix:")) return `${plain(value, decimals)}${unit.slice("suffix:".length)}`;
  switch (unit) {
    case "percentunit":
      return `${rounded(value * 100, decimals)}%`;
    case "s":
      return duration(value, decimals);
    case "bytes":
      return scaled(value, 1024, ["B", "KiB", "MiB", "GiB"], decimals);
    case "dateTimeAsIso":
      return new Date(value).toISOString().slice(0, 19).replace("T", " ");
    default:
      return scaled(value, 1000, ["", "K", "Mil", "Bil"], decimals);
  }
}

function duration(seconds: number, decimals: number | undefined): string {
  const size = Math.abs(seconds);
  if (size === 0) return "0 s";
  if (size < 1) return `${rounded(seconds * 1000, decimals)} ms`;
  if (size < 60) return `${rounded(seconds, decimals)} s`;
  if (size < 3600) return `${rounded(seconds / 60, 1)} min`;
  return `${rounded(seconds / 3600, 1)} h`;
}

function scaled(value: number, base: number, units: readonly string[], decimals: number | undefined): string {
  let index = 0;
  let size = value;
  for (; Math.abs(size) >= base && index < units.length - 1; index++) size /= base;
  const digits = index > 0 ? (decimals ?? 0) + 1 : decimals;
  return `${rounded(size, digits)}${units[index] === "" ? "" : ` ${units[index]}`}`;
}

function plain(value: number, decimals: number | undefined): string {
  return Number(rounded(value, decimals)).toLocaleString("en");
}

function rounded(value: number, decimals: number | undefined): string {
  const digits = decimals ?? (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
  return decimals === undefined ? String(Number(value.toFixed(digits))) : value.toFixed(digits);
}
