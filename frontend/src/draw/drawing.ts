import type { Coordinate } from "ol/coordinate";
import { announce, toast } from "../lib/live";
import { say } from "../lib/words";
import { type EditionMap, editionMap } from "../map/edition";
import { onThemeChange } from "../map/theme";
import { degrees } from "./difference";
import { Ledger } from "./ledger";
import { named, Page } from "./page";
import { type Answer, type Operation, type Place, Refused, Server } from "./server";
import { codeOf, type Grid, levelOf, Sheet } from "./sheet";
import { asked, Side } from "./side";
import { type Hand, type Mode, Stage } from "./stage";

const HELP: Record<Mode, string> = {
  move: "draw-move",
  split: "draw-line",
  draw: "draw-ring",
  merge: "draw-merge",
};

/** A draft on the map, with what is drawn in it and not saved. */
export class Drawing implements Hand {
  readonly server: Server;
  readonly ledger: Ledger;
  readonly page: Page;
  private readonly shown: EditionMap;
  private readonly sheet: Sheet;
  private readonly side: Side;
  private readonly stage: Stage;
  private mode: Mode = "move";
  private ready: boolean | null = null;
  private grid = "";
  private vertex: Coordinate | null = null;

  constructor(
    private readonly root: HTMLElement,
    place: HTMLElement,
  ) {
    this.server = new Server(root.dataset);
    this.page = new Page(root);
    this.shown = editionMap(place);
    this.sheet = new Sheet(this.shown.levels, place.dataset.edition ?? "");
    this.side = new Side(root, this.sheet);
    const revision = Number(root.dataset.revision);
    this.ledger = new Ledger(this.server, (answer) => this.show(answer), revision);
    const scopes = (root.dataset.scopes ?? "").split(",");
    const deepest = Math.max(...this.shown.levels);
    this.stage = new Stage(this.shown, this.sheet, scopes, this, deepest);
    onThemeChange(() => {
      this.stage.repaint();
      void this.load();
    });
    this.shown.onLoaded((level) => {
      if (level === this.stage.level) void this.load();
    });
    this.page.enable(this.ledger, false);
  }

  // ---- what is on the map --------------------------------------------------------------------

  /** Fetch with every digit what the map shows of the levels that it can show. */
  async load(): Promise<void> {
    const { level } = this.stage;
    // More than can be shown are not sent: then the level is too fine for this view.
    const ready = this.shown.source(level).getFeatures().length > 0;
    try {
      // The level below too: a parent is split along the borders of its children.
      const near = this.shown.levels.filter(
        (one) => one <= level || this.shown.source(one).getFeatures().length > 0,
      );
      if (ready) await this.sheet.load(this.stage.box(), near);
    } catch {
      toast(say("map-failed"), { tone: "bad", key: "draw" });
      return;
    }
    if (ready !== this.ready)
      this.page.status(say(ready ? HELP[this.mode] : "draw-zoom", { level }));
    this.ready = ready;
    for (const one of this.shown.levels) this.shown.layer(one)?.setVisible(!ready);
    this.root.dataset.ready = String(this.sheet.source(this.stage.level).getFeatures().length);
    const first = this.grid ? undefined : this.sheet.grid(this.root.dataset.chosen ?? "");
    if (first) this.chose(first, null);
  }

  /** Ask the server for all of it again: somebody else has saved. */
  async reload(): Promise<void> {
    this.sheet.clear();
    await this.shown.reload();
    await this.load();
  }

  /** The grid with this code, where the map has it. */
  find(code: string): boolean {
    const grid = this.sheet.grid(code);
    const [west, south, east, north] = grid?.getGeometry()?.getExtent() ?? [];
    if (!grid || west === undefined || south === undefined) return false;
    this.chose(grid, null);
    const corners = [...degrees([west, south]), ...degrees([east ?? west, north ?? south])];
    this.shown.zoomTo(corners as unknown as [number, number, number, number]);
    return true;
  }

  turnTo(mode: Mode, level = this.stage.level): void {
    if (mode === "merge" && !this.grid) {
      toast(say("draw-choose-first"), { key: "draw" });
      return;
    }
    this.mode = mode;
    const select = this.root.querySelector<HTMLSelectElement>("[data-draw-level]");
    if (select) select.value = String(level);
    const code = this.grid;
    const other = level !== this.stage.level;
    this.stage.turnTo(level, mode);
    if (other) this.grid = "";
    this.page.pressed(mode);
    this.page.status(say(HELP[mode], { grid: code }));
    if (other) void this.load();
  }

  private show(answer: Answer | null): void {
    this.sheet.lay(answer);
    this.stage.paintFaults(answer);
    this.page.faults(answer, this.shown);
    const grid = this.sheet.grid(this.grid);
    this.vertex = null;
    this.stage.choose(grid, null);
    this.side.show(grid, null);
  }

  // ---- the hand on the map -------------------------------------------------------------------

  chose(grid: Grid | undefined, vertex: Coordinate | null): void {
    const code = grid ? codeOf(grid) : "";
    if (this.mode === "merge" && grid && code !== this.grid) {
      const kept = this.grid;
      this.turnTo("move");
      void this.ask([{ kind: "merge", grid: kept, other: code }]);
      return;
    }
    if (grid && levelOf(grid) !== this.stage.level) this.turnTo("move", levelOf(grid));
    this.grid = code;
    this.vertex = vertex;
    this.stage.choose(grid, vertex);
    this.side.show(grid, vertex);
    this.page.enable(this.ledger, vertex !== null);
    if (grid) announce(say("draw-chosen", { name: String(grid.get("name") || code) }));
  }

  did(operation: Operation): void {
    void this.ask([operation]);
  }

  split(line: Place[], under: Grid | undefined): void {
    const grid = this.grid || (under ? codeOf(under) : "");
    this.turnTo("move");
    if (grid) void this.ask([{ kind: "split", grid, line }]);
    else toast(say("draw-choose-first"), { key: "draw" });
  }

  drew(ring: Place[], under: Grid | undefined, parent: Grid | undefined): void {
    const { level } = this.stage;
    const above = parent ? codeOf(parent) : String(this.sheet.grid(this.grid)?.get("parent") ?? "");
    this.turnTo("move");
    void this.ask([{ kind: "draw", level, parent: above, ring, cut: under !== undefined }]);
  }

  // ---- steps ---------------------------------------------------------------------------------

  /** Do a step; what the server refuses is put back, and the reason is said. */
  async ask(step: Operation[]): Promise<void> {
    const answer = await this.quietly(() => this.ledger.push(step));
    if (answer === undefined) return;
    const moved = step.every((one) => one.kind.endsWith("-vertex"));
    this.page.status(say(moved ? "draw-moved" : "draw-done", { grids: named(answer) }));
  }

  async undo(): Promise<void> {
    if (this.ledger.count === 0) this.page.status(say("draw-nothing-left"));
    else if ((await this.quietly(() => this.ledger.undo())) !== undefined)
      this.page.status(say("draw-undone"));
  }

  async redo(): Promise<void> {
    if (this.ledger.undone === 0) return;
    if ((await this.quietly(() => this.ledger.redo())) !== undefined)
      this.page.status(say("draw-redone"));
  }

  deleteVertex(): void {
    if (this.vertex) void this.ask([{ kind: "delete-vertex", at: degrees(this.vertex) }]);
  }

  async save(): Promise<void> {
    const answer = await this.quietly(() => this.ledger.save());
    if (!answer) return;
    this.sheet.settle();
    const count = answer.faults.features.length;
    const words = say(count > 0 ? "draw-saved-faults" : "draw-saved", {
      revision: answer.revision,
      count,
    });
    this.page.status(words);
    toast(words, { tone: "ok", key: "draw" });
    await this.page.refresh(answer.revision);
    void this.shown.reload();
  }

  submitted(form: HTMLFormElement): void {
    void this.ask(asked(form, this.grid));
  }

  /** The answer, with the map held still meanwhile; undefined where the server said no. */
  async quietly<T>(act: () => Promise<T>): Promise<T | undefined> {
    this.stage.pause(true);
    this.root.dataset.busy = "";
    try {
      return await act();
    } catch (fault) {
      this.sheet.restore();
      this.refused(fault);
      return undefined;
    } finally {
      this.stage.pause(false);
      delete this.root.dataset.busy;
      this.page.enable(this.ledger, this.vertex !== null);
    }
  }

  private refused(fault: unknown): void {
    if (fault instanceof Refused && fault.code === "edition-changed") {
      this.page.conflict(fault.message);
      return;
    }
    const words = fault instanceof Refused ? fault.message : say("draw-failed");
    toast(words, { tone: "bad", key: "draw", stays: 12_000 });
    this.page.status(words);
  }
}
