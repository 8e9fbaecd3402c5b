/** The one matter that is chosen on a page, whether in the list or on the map. */
export interface Chosen {
  number: string;
  /** Longitude and latitude, where the list knows them. */
  at?: [number, number] | undefined;
  from: "list" | "map";
}

const NAME = "matter-chosen";

export function choose(chosen: Chosen): void {
  document.dispatchEvent(new CustomEvent<Chosen>(NAME, { detail: chosen }));
}

export function whenChosen(act: (chosen: Chosen) => void): void {
  document.addEventListener(NAME, (event) => act((event as CustomEvent<Chosen>).detail));
}
