/** The server's clock as seen from this device: phones are minutes or a day wrong. */
let skew = 0;

/** Learn the server's time (milliseconds since 1970) that has just arrived. */
export function learnServerTime(serverNow: number): void {
  if (Number.isFinite(serverNow) && serverNow > 0) skew = serverNow - Date.now();
}

/** Learn the server's time from the answer's own header. */
export function learnFrom(headers: Headers): void {
  const sent = headers.get("X-Server-Now");
  if (sent) learnServerTime(Number(sent));
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + skew;
}

/** Start with the time that was written into the page, corrected by how long loading took. */
export function readPageTime(): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="server-now"]');
  if (!meta) return;
  const navigation = performance.getEntriesByType("navigation")[0];
  const answered = navigation instanceof PerformanceNavigationTiming ? navigation.responseStart : 0;
  const elapsed = answered > 0 ? performance.now() - answered : 0;
  learnServerTime(Number(meta.content) + elapsed);
}
