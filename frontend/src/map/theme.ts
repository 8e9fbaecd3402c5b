/** The typefaces of the page, as a canvas has to be told them. */
export const FACES =
  '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
/** The font of names on the map. */
export const LABEL = `600 13px ${FACES}`;

/** Colours of the map come from the page's own tokens, in light and in dark. */
export interface Theme {
  dark: boolean;
  color(token: string): string;
}

/** The tokens as they are now; ask again when the theme changes. */
export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  return {
    dark: window.matchMedia("(prefers-color-scheme: dark)").matches,
    color: (token) => style.getPropertyValue(`--${token}`).trim() || "#888",
  };
}

/** Call `act` whenever the person's system changes between light and dark. */
export function onThemeChange(act: () => void): void {
  const query = window.matchMedia("(prefers-color-scheme: dark)");
  // Safari 14 has no addEventListener here.
  if (typeof query.addEventListener === "function") query.addEventListener("change", act);
  else query.addListener(act);
}
