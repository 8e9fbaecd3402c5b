import type { Coordinate } from "ol/coordinate";
import { intersects } from "ol/extent";
import { say } from "../lib/words";
import { nameOf } from "../map/layers";
import { degrees, ringsOf } from "./difference";
import type { Operation, Place } from "./server";
import { codeOf, type Grid, levelOf, type Sheet } from "./sheet";

const DIGITS = 7;

/** A number as typed; what is none reaches the server as none, which says so. */
const number = (typed: string): number => (typed.trim() === "" ? Number.NaN : Number(typed));

function text(value: FormDataEntryValue | null): string {
  return typeof value === "string" ? value.trim() : "";
}

/** A place a line, with a space or a comma between longitude and latitude. */
function places(value: string): Place[] {
  const lines = value.split("\n").filter((line) => line.trim());
  return lines.map((line) => line.replace(",", " ").trim().split(/\s+/).map(Number) as Place);
}

/** The change that a form of the page asks for; the coordinates may ask for several. */
export function asked(form: HTMLFormElement, grid: string): Operation[] {
  const given = new FormData(form);
  const value = (name: string): string => text(given.get(name));
  switch (form.dataset.drawForm) {
    case "describe":
      return [
        {
          kind: "describe",
          grid,
          code: value("code"),
          name: value("name"),
          name_en: value("name_en"),
        },
      ];
    case "merge":
      return [{ kind: "merge", grid, other: value("other") }];
    case "re-parent":
      return [{ kind: "re-parent", grid, parent: value("parent") }];
    case "remove":
      return [{ kind: "remove", grid }];
    case "split":
      return [{ kind: "split", grid, line: places(value("line")), code: value("code") }];
    case "draw":
      return [
        {
          kind: "draw",
          level: Number(value("level")),
          parent: value("parent"),
          ring: places(value("line")),
          cut: given.has("cut"),
          code: value("code"),
          name: value("name"),
        },
      ];
    default:
      return coordinates(form);
  }
}

interface Row {
  at: Place;
  ring: string;
  lon: string;
  lat: string;
  drop: boolean;
}

function rowsOf(form: HTMLFormElement): Row[] {
  return [...form.querySelectorAll("tbody tr")].map((row) => {
    const value = (name: string): string =>
      row.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value ?? "";
    const drop = row.querySelector<HTMLInputElement>("input[name=drop]")?.checked ?? false;
    const at = value("at").split(" ").map(Number) as Place;
    return { at, ring: value("ring"), lon: value("lon"), lat: value("lat"), drop };
  });
}

/** The rows that differ from what they showed, and the new one. */
function coordinates(form: HTMLFormElement): Operation[] {
  const rows = rowsOf(form);
  const done: Operation[] = added(form, rows);
  for (const { at, lon, lat, drop } of rows) {
    const to: Place = [number(lon), number(lat)];
    if (drop) done.push({ kind: "delete-vertex", at });
    else if (lon !== shown(at[0]) || lat !== shown(at[1]))
      done.push({ kind: "move-vertex", at, to });
  }
  return done;
}

function added(form: HTMLFormElement, rows: Row[]): Operation[] {
  const value = (name: string): string =>
    form.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value.trim() ?? "";
  if (!value("new_lon") && !value("new_lat")) return [];
  const before = rows[Number(value("after")) - 1];
  const same = rows.filter((row) => row.ring === before?.ring);
  const behind = before && same[(same.indexOf(before) + 1) % same.length];
  if (!before || !behind) return [];
  const at: Place = [(before.at[0] + behind.at[0]) / 2, (before.at[1] + behind.at[1]) / 2];
  return [{ kind: "insert-vertex", at, to: [number(value("new_lon")), number(value("new_lat"))] }];
}

const shown = (edge: number): string => String(Number(edge.toFixed(DIGITS)));

function input(name: string, value: string, label = ""): HTMLInputElement {
  const made = document.createElement("input");
  made.type = label ? "text" : "hidden";
  made.name = name;
  made.value = value;
  if (label) {
    made.inputMode = "decimal";
    made.setAttribute("aria-label", label);
  }
  return made;
}

function cell(...parts: Node[]): HTMLTableCellElement {
  const made = document.createElement("td");
  made.append(...parts);
  return made;
}

function row(at: Coordinate, ring: number, n: number): HTMLTableRowElement {
  const made = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  const [lon, lat] = degrees(at);
  head.append(String(n), input("at", `${lon} ${lat}`), input("ring", String(ring)));
  const drop = document.createElement("label");
  drop.className = "choice draw-drop";
  const box = input("drop", String(n - 1), say("draw-drop", { number: n }));
  box.type = "checkbox";
  drop.append(box);
  made.append(
    head,
    cell(input("lon", shown(lon), say("draw-lon-of", { number: n }))),
    cell(input("lat", shown(lat), say("draw-lat-of", { number: n }))),
    cell(drop),
  );
  return made;
}

function options(select: HTMLSelectElement | null, grids: Grid[], chosen: string): void {
  if (!select) return;
  const blank = [...select.options].filter((one) => !one.value);
  const made = grids.map((grid) => new Option(`${nameOf(grid)} ${codeOf(grid)}`, codeOf(grid)));
  select.replaceChildren(...blank, ...made);
  select.value = chosen;
}

/** The forms beside the map, showing the grid that is chosen on it. */
export class Side {
  private readonly box: HTMLElement | null;
  private readonly heading = document.getElementById("h-choose");
  private readonly facts: HTMLElement | null;

  constructor(
    root: HTMLElement,
    private readonly sheet: Sheet,
  ) {
    this.box = root.querySelector("[data-draw-grid]");
    this.facts = root.querySelector("[data-draw-facts]");
  }

  show(grid: Grid | undefined, vertex: Coordinate | null): void {
    if (!this.box || !grid) return;
    const code = codeOf(grid);
    const level = levelOf(grid);
    this.box.hidden = false;
    if (this.heading) this.heading.textContent = nameOf(grid);
    if (this.facts) this.facts.textContent = say("draw-level-of", { code, level });
    for (const name of ["name", "name_en", "code"]) {
      const field = this.box.querySelector<HTMLInputElement>(
        `[data-draw-form=describe] #f-${name}`,
      );
      if (field) field.value = String(grid.get(name) ?? "");
    }
    const beside = this.beside(grid);
    options(this.box.querySelector("select[name=other]"), beside, "");
    const above = this.sheet.levels.includes(level - 1)
      ? (this.sheet.source(level - 1).getFeatures() as Grid[])
      : [];
    options(this.box.querySelector("select[name=parent]"), above, String(grid.get("parent") ?? ""));
    this.table(grid, vertex);
  }

  private beside(grid: Grid): Grid[] {
    const extent = grid.getGeometry()?.getExtent();
    const all = this.sheet.source(levelOf(grid)).getFeatures() as Grid[];
    return all.filter((one) => {
      const other = one.getGeometry()?.getExtent();
      const kin = one !== grid && one.get("parent") === grid.get("parent");
      return kin && extent && other && intersects(extent, other);
    });
  }

  private table(grid: Grid, vertex: Coordinate | null): void {
    const body = this.box?.querySelector("[data-draw-form=vertices] tbody");
    if (!body) return;
    const rows: HTMLTableRowElement[] = [];
    for (const [ring, all] of ringsOf(grid.getGeometry()).entries()) {
      for (const at of all.slice(0, -1)) {
        const made = row(at, ring, rows.length + 1);
        if (vertex && at[0] === vertex[0] && at[1] === vertex[1]) made.dataset.chosen = "";
        rows.push(made);
      }
    }
    body.replaceChildren(...rows);
    for (const name of ["after", "new_lon", "new_lat"]) {
      const field = this.box?.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (field) field.value = "";
    }
    body.querySelector("[data-chosen]")?.scrollIntoView({ block: "nearest" });
  }
}
