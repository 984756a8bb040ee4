// Names on the map as plain HTML: zones as links with their level in words, compounds as links, districts as quiet lettering.
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { LngLatBounds, type Map as MapLibreMap, Marker } from "maplibre-gl";

export interface Zone {
  id: string;
  name: string;
  level: "sealed" | "controlled" | "precaution";
  level_label: string;
  state: string;
  url: string;
}

export interface Place {
  name: string;
}

export interface Compound extends Place {
  url: string;
}

export type Areas<T> = FeatureCollection<Polygon | MultiPolygon, T>;

const GAP_PX = 4;
const RANK = ["sealed", "controlled", "precaution"];

type Shape = Pick<Feature<Polygon | MultiPolygon>, "geometry">;

const outerRings = (feature: Shape): Position[][] =>
  (feature.geometry.type === "Polygon"
    ? [feature.geometry.coordinates]
    : feature.geometry.coordinates
  ).flatMap(([outer]) => (outer ? [outer] : []));

export function boundsOf(areas: Areas<unknown>): LngLatBounds {
  const bounds = new LngLatBounds();
  for (const feature of areas.features) {
    for (const ring of outerRings(feature)) {
      for (const [x = 0, y = 0] of ring) bounds.extend([x, y]);
    }
  }
  return bounds;
}

interface Middle {
  area: number;
  at: [number, number];
}

// The shoelace formula's centroid; a ring without area (a line, a point) falls back on its first corner.
function middleOfRing(ring: Position[]): Middle {
  let [area, x, y] = [0, 0, 0];
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  ring.slice(1).forEach(([bx = 0, by = 0], index) => {
    const [ax = 0, ay = 0] = ring[index] ?? [];
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    area += cross / 2;
    x += ((ax + bx - 2 * x0) * cross) / 6;
    y += ((ay + by - 2 * y0) * cross) / 6;
  });
  return area === 0
    ? { area: 0, at: [x0, y0] }
    : { area: Math.abs(area), at: [x0 + x / area, y0 + y / area] };
}

function middleOf(feature: Shape): [number, number] {
  const middles = outerRings(feature).map(middleOfRing);
  return middles.reduce((a, b) => (b.area > a.area ? b : a), { area: -1, at: [0, 0] as [number, number] }).at;
}

function zoneLabel(zone: Zone): HTMLElement {
  const link = document.createElement("a");
  link.className = "map-label";
  link.href = zone.url;
  link.title = zone.name;
  const level = document.createElement("span");
  level.className = `badge-state badge-state-${zone.level}`;
  level.textContent = zone.level_label;
  const name = document.createElement("span");
  name.textContent = zone.name;
  link.append(level, name);
  // Said in the order it is read; MapLibre would otherwise call it a marker.
  link.setAttribute("aria-label", `${zone.level_label} ${zone.name}`);
  return link;
}

function compoundLabel(compound: Compound): HTMLElement {
  const link = document.createElement("a");
  link.className = "map-compound";
  link.href = compound.url;
  link.textContent = compound.name;
  link.setAttribute("aria-label", compound.name);
  return link;
}

function placeLabel(place: Place): HTMLElement {
  const text = document.createElement("span");
  text.className = "map-place";
  text.textContent = place.name;
  text.setAttribute("aria-hidden", "true");
  return text;
}

const overlap = (a: DOMRect, b: DOMRect): boolean =>
  a.left < b.right + GAP_PX &&
  b.left < a.right + GAP_PX &&
  a.top < b.bottom + GAP_PX &&
  b.top < a.bottom + GAP_PX;

interface Placed {
  label: HTMLElement;
  box: DOMRect;
  under: number;
}

// Graver levels come first, then compounds, districts last, so what gives way is what matters less.
function makeRoom(labels: HTMLElement[]): void {
  const kept: Placed[] = [];
  for (const label of labels) delete label.dataset["more"];
  const boxes = labels.map((label): Placed => ({ label, box: label.getBoundingClientRect(), under: 0 }));
  for (const placed of boxes) {
    const over = kept.find((other) => overlap(placed.box, other.box));
    placed.label.classList.toggle("is-collapsed", over !== undefined);
    if (!over) kept.push(placed);
    else if (placed.label.matches(".map-label")) over.under += 1;
  }
  for (const { label, under } of kept) if (under > 0) label.dataset["more"] = `+${under}`;
}

type Label = [HTMLElement, [number, number]];

function labelsOf(zones: Areas<Zone>, compounds: Areas<Compound>, places: Areas<Place>): Label[] {
  const graveFirst = [...zones.features].sort(
    (a, b) => RANK.indexOf(a.properties.level) - RANK.indexOf(b.properties.level),
  );
  return [
    ...graveFirst.map((zone): Label => [zoneLabel(zone.properties), middleOf(zone)]),
    ...compounds.features.map((compound): Label => [compoundLabel(compound.properties), middleOf(compound)]),
    ...places.features.map((place): Label => [placeLabel(place.properties), middleOf(place)]),
  ];
}

const hrefOf = (element: Element | null): string =>
  element instanceof HTMLAnchorElement && element.matches(".maplibregl-marker") ? element.href : "";

/** Gives what places all names, in the stead of those before; they keep off each other while the map moves. */
export function labelling(
  map: MapLibreMap,
  places: Areas<Place>,
): (zones: Areas<Zone>, compounds: Areas<Compound>) => void {
  let labels: HTMLElement[] = [];
  let markers: Marker[] = [];
  map.on("moveend", () => makeRoom(labels));
  return (zones, compounds) => {
    const focused = hrefOf(document.activeElement);
    for (const marker of markers) marker.remove();
    const pairs = labelsOf(zones, compounds, places);
    labels = pairs.map(([element]) => element);
    // Placed from the last to the first, so that the graver lies on top.
    markers = [...pairs].reverse().map(([element, at]) => new Marker({ element }).setLngLat(at).addTo(map));
    if (focused) labels.find((label) => hrefOf(label) === focused)?.focus({ preventScroll: true });
    makeRoom(labels);
    map.once("idle", () => makeRoom(labels));
  };
}
