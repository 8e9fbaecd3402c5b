/** Short distances on the ground, without a library. */
export type At = [number, number];

/** Metres of a degree of latitude. */
export const METRES = 111_320;

/** Metres between two points (lon, lat) that are not far from each other. */
export function metres(a: At, b: At): number {
  const narrow = Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  return Math.hypot((a[0] - b[0]) * narrow, a[1] - b[1]) * METRES;
}
