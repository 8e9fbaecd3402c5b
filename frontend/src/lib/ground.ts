import type { Ground } from "../queue/snapshot";
import { type At, METRES } from "./geometry";

/** Questions to the ground that a phone keeps: in which grid, how far from mine, which plate. */

const MOST_FOUND = 50;

/** True where the point lies inside, by the even-odd rule over all rings. */
export function inside(rings: At[][], [x, y]: At): boolean {
  let is = false;
  for (const ring of rings) {
    for (let n = 0, before = ring.length - 1; n < ring.length; before = n++) {
      const [ax, ay] = ring[n] as At;
      const [bx, by] = ring[before] as At;
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) is = !is;
    }
  }
  return is;
}

function toLine(at: At, a: At, b: At): number {
  const narrow = Math.cos((at[1] * Math.PI) / 180);
  const [dx, dy] = [(b[0] - a[0]) * narrow, b[1] - a[1]];
  const [px, py] = [(at[0] - a[0]) * narrow, at[1] - a[1]];
  const long = dx * dx + dy * dy;
  const part = long === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / long));
  return Math.hypot(px - part * dx, py - part * dy) * METRES;
}

/** How many metres a point is from the nearest of my grids; 0 inside of one, or where I have none. */
export function away(ground: Ground, at: At): number {
  if (ground.grids.length === 0 || ground.grids.some((one) => inside(one.rings, at))) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (const grid of ground.grids)
    for (const ring of grid.rings)
      for (let n = 1; n < ring.length; n++)
        least = Math.min(least, toLine(at, ring[n - 1] as At, ring[n] as At));
  return least;
}

/** The plates whose text holds what is typed. */
export function platesLike(ground: Ground, typed: string): Ground["plates"] {
  const wanted = typed.trim().toLowerCase();
  if (wanted.length < 1) return [];
  return ground.plates
    .filter(([, text]) => text.toLowerCase().includes(wanted))
    .slice(0, MOST_FOUND);
}
