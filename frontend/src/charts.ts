import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { onThemeChange, theme } from "./map/theme";

/** Charts drawn from the table under them: what is seen is what stands there, to the digit. */

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

const ROWS = 40; // more bars than that cannot be told apart
const BAR_PX = 26;
const LINE_PX = 260;

interface Column {
  word: string;
  values: (number | null)[];
}

function rows(table: HTMLTableElement): HTMLTableRowElement[] {
  return [...(table.tBodies[0]?.rows ?? [])];
}

function names(table: HTMLTableElement): string[] {
  return rows(table).map((row) => row.cells[0]?.textContent?.trim() ?? "");
}

function columns(table: HTMLTableElement): Column[] {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1);
  return heads.map((head, n) => ({
    word: head.textContent?.trim() ?? "",
    values: rows(table).map((row) => {
      const value = row.cells[n + 1]?.dataset.value;
      return value ? Number(value) : null;
    }),
  }));
}

function chooser(frame: HTMLElement, all: Column[], chosen: (n: number) => void): void {
  const label = document.createElement("label");
  const select = document.createElement("select");
  label.className = "chart-of";
  label.append(`${frame.dataset.word ?? ""} `, select);
  for (const [n, column] of all.entries()) select.add(new Option(column.word, String(n)));
  select.addEventListener("change", () => chosen(Number(select.value)));
  frame.append(label);
}

function start(frame: HTMLElement): void {
  const table = document.getElementById(frame.dataset.of ?? "");
  if (!(table instanceof HTMLTableElement) || !rows(table).length) return;
  const words = names(table);
  const all = columns(table);
  const line = frame.dataset.chart === "line";
  const place = document.createElement("div");
  place.className = "chart-place";
  place.setAttribute("aria-hidden", "true"); // the table under it says the same in words
  chooser(frame, all, draw);
  frame.append(place);
  place.style.height = `${line ? LINE_PX : 40 + BAR_PX * Math.min(ROWS, words.length)}px`;
  const chart = init(place, null, { renderer: "canvas" });

  function draw(n: number): void {
    const look = theme();
    const ink = { color: look.color("ink-soft") };
    const order = words.map((word, at) => ({ word, value: all[n]?.values[at] ?? null }));
    const shown = line
      ? order
      : order
          .filter((one) => one.value !== null)
          .sort((a, b) => Number(b.value) - Number(a.value))
          .slice(0, ROWS);
    const category = {
      type: "category" as const,
      data: shown.map((one) => one.word),
      inverse: !line,
      axisLabel: { ...ink, width: 140, overflow: "truncate" as const },
    };
    const value = {
      type: "value" as const,
      axisLabel: ink,
      splitLine: { lineStyle: { color: look.color("line") } },
    };
    chart.setOption(
      {
        animation: false,
        grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
        tooltip: { trigger: "axis", renderMode: "richText", confine: true },
        xAxis: line ? category : value,
        yAxis: line ? value : category,
        series: [
          {
            type: line ? "line" : "bar",
            name: all[n]?.word ?? "",
            data: shown.map((one) => one.value),
            itemStyle: { color: look.color("accent") },
            label: { show: !line, position: "right", ...ink },
          },
        ],
      },
      true,
    );
  }

  draw(0);
  new ResizeObserver(() => chart.resize()).observe(place);
  onThemeChange(() => draw(Number(frame.querySelector("select")?.value ?? 0)));
}

for (const frame of document.querySelectorAll<HTMLElement>("[data-chart]")) start(frame);
