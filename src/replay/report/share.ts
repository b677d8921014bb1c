/** @returns a percentage, such as `3.1 %` */
export function share(count: number, all: number): string {
  return `${((100 * count) / all).toFixed(1)} %`;
}
