/** Where the device is; browsers answer in WGS-84, which the form declares. */
export interface Position {
  lon: number;
  lat: number;
  accuracy: number;
}

export type PositionFault = "denied" | "unavailable" | "timeout" | "unsupported";

const FAULTS: Record<number, PositionFault> = { 1: "denied", 2: "unavailable", 3: "timeout" };

/** One good position within 15 s; rejects with a PositionFault. */
export function locate(): Promise<Position> {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator) || !window.isSecureContext) {
      reject("unsupported" satisfies PositionFault);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      (error) => reject(FAULTS[error.code] ?? "unavailable"),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 20_000 },
    );
  });
}
