import GeoJSON from "ol/format/GeoJSON";

/** GeoJSON of the server (WGS-84) in the plane of the map, and back. */
export const FORMAT = new GeoJSON({
  dataProjection: "EPSG:4326",
  featureProjection: "EPSG:3857",
});
