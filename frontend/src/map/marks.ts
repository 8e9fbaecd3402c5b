import type Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { FACES, type Theme } from "./theme";

/** How a mark looks: a shape and a sign for each tone, never its colour alone. */
interface Look {
  token: string;
  sign: string;
  shape: "circle" | "square" | "triangle" | "diamond";
  rank: number;
}

const OPEN: Look = { token: "tone-info", sign: "", shape: "circle", rank: 1 };
const LOOKS: Record<string, Look> = {
  overdue: { token: "tone-late", sign: "!", shape: "triangle", rank: 5 },
  escalated: { token: "tone-up", sign: "↑", shape: "diamond", rank: 4 },
  soon: { token: "tone-soon", sign: "…", shape: "square", rank: 3 },
  triage: { token: "tone-up", sign: "?", shape: "square", rank: 2 },
  open: OPEN,
  done: { token: "tone-ok", sign: "✓", shape: "circle", rank: 0 },
};
const WEIGHTS: Record<string, Look> = {
  blocks: { token: "tone-late", sign: "!", shape: "triangle", rank: 3 },
  mend: { token: "tone-soon", sign: "", shape: "diamond", rank: 2 },
  note: { token: "tone-idle", sign: "", shape: "circle", rank: 1 },
};
const FONT = `700 12px ${FACES}`;

const look = (tone: unknown): Look => LOOKS[String(tone)] ?? OPEN;

function shape(
  kind: Look["shape"],
  radius: number,
  fill: Fill,
  stroke: Stroke,
): CircleStyle | RegularShape {
  if (kind === "circle") return new CircleStyle({ radius, fill, stroke });
  if (kind === "triangle") {
    return new RegularShape({
      points: 3,
      radius: radius * 1.45,
      fill,
      stroke,
      displacement: [0, -2],
    });
  }
  const angle = kind === "square" ? Math.PI / 4 : 0;
  return new RegularShape({ points: 4, radius: radius * 1.3, angle, fill, stroke });
}

// Styles are made once per look and size; thousands of marks share a few dozen.
const made = new Map<string, Style>();

/** Forget the styles made for the other theme. */
export function forgetStyles(): void {
  made.clear();
}

/** The incidents behind a drawn mark. */
export function members(feature: FeatureLike): Feature[] {
  return (feature.get("features") as Feature[] | undefined) ?? [];
}

/** The style of one incident or of a heap of them, marked by the worst within. */
export function clusterStyle(feature: FeatureLike, colors: Theme): Style {
  const inside = members(feature);
  let worst = look(inside[0]?.get("tone"));
  let chosen = false;
  for (const each of inside) {
    const next = look(each.get("tone"));
    if (next.rank > worst.rank) worst = next;
    if (each.get("selected")) chosen = true;
  }
  const count = inside.length;
  const key = `${worst.token}|${worst.shape}|${count}|${chosen}|${colors.dark}`;
  const known = made.get(key);
  if (known) return known;
  const radius = count === 1 ? 11 : Math.min(22, 12 + Math.log2(count) * 2);
  const words = count === 1 ? worst.sign : `${count}${worst.rank >= 4 ? worst.sign : ""}`;
  const style = new Style({
    image: shape(
      worst.shape,
      radius,
      new Fill({ color: colors.color(worst.token) }),
      new Stroke({ color: colors.color(chosen ? "ink" : "map-ground"), width: chosen ? 4 : 2 }),
    ),
    text: new Text({
      text: words,
      font: FONT,
      fill: new Fill({ color: colors.color("on-tone") }),
      offsetY: worst.shape === "triangle" ? 3 : 1,
    }),
    zIndex: worst.rank,
  });
  made.set(key, style);
  return style;
}

/** The mark of a finding of a check: a shape and a sign for its weight. */
export function findingMark(weight: string, colors: Theme, chosen: boolean): Style {
  const key = `finding|${weight}|${chosen}|${colors.dark}`;
  const known = made.get(key);
  if (known) return known;
  const found = WEIGHTS[weight] ?? OPEN;
  const edge = colors.color(chosen ? "ink" : "map-ground");
  const style = new Style({
    image: shape(
      found.shape,
      chosen ? 11 : 8,
      new Fill({ color: colors.color(found.token) }),
      new Stroke({ color: edge, width: chosen ? 4 : 2 }),
    ),
    text: new Text({
      text: found.sign,
      font: FONT,
      fill: new Fill({ color: colors.color("on-tone") }),
      offsetY: found.shape === "triangle" ? 2 : 1,
    }),
    zIndex: found.rank + (chosen ? 10 : 0),
  });
  made.set(key, style);
  return style;
}

/** The pin of the place a person chose. */
export function pinStyle(colors: Theme): Style[] {
  const ring = new Stroke({ color: colors.color("map-ground"), width: 3 });
  return [
    new Style({
      image: new CircleStyle({
        radius: 11,
        fill: new Fill({ color: colors.color("accent") }),
        stroke: ring,
      }),
      zIndex: 30,
    }),
    new Style({
      image: new CircleStyle({ radius: 4, fill: new Fill({ color: colors.color("map-ground") }) }),
      zIndex: 31,
    }),
  ];
}

/** The circle within which a measured position lies. */
export function accuracyStyle(colors: Theme): Style {
  return new Style({
    stroke: new Stroke({ color: colors.color("accent"), width: 1.5, lineDash: [4, 4] }),
    fill: new Fill({ color: colors.color("map-mine") }),
    zIndex: 25,
  });
}
