// The map of zones: draws itself into every `.map`, from this server's own outlines and zones, without any other network.
// It stays where it is when the desk is polled, and then reads its zones again.
//
// <div class="map" data-zones-url data-compounds-url data-outlines-url data-bounds="west,south,east,north" (optional)
//      data-label-map data-label-zoom-in data-label-zoom-out data-label-scroll data-label-touch></div>
import "maplibre-gl/dist/maplibre-gl.css";
import {
  type GeoJSONSource,
  LngLatBounds,
  Map as MapLibreMap,
  NavigationControl,
  type PaddingOptions,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { type Areas, type Compound, type Place, type Zone, boundsOf, labelling } from "./map-labels";
import { CLICKABLE_LAYERS, EMPTY_STYLE, addLayers, paint } from "./map-paint";

// A file of our own origin: the content policy forbids workers made from text.
setWorkerUrl(workerUrl);

// Room for a label beside a zone at the edge, but never more than a sixth of a narrow map.
const LABEL_PX = { width: 110, height: 48 };
const CLOSEST_ZOOM = 16;

async function read<T>(url: string | undefined): Promise<Areas<T>> {
  if (!url) return { type: "FeatureCollection", features: [] };
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as Areas<T>;
}

function scope(
  element: HTMLElement,
  zones: Areas<Zone>,
  compounds: Areas<Compound>,
  outlines: Areas<Place>,
): LngLatBounds {
  const drawn = boundsOf(zones).extend(boundsOf(compounds));
  if (!drawn.isEmpty()) return drawn;
  const [west, south, east, north] = (element.dataset["bounds"] ?? "").split(",").map(Number);
  if (west && south && east && north) return new LngLatBounds([west, south], [east, north]);
  return boundsOf(outlines);
}

function padding({ clientWidth, clientHeight }: HTMLElement): PaddingOptions {
  const [x, y] = [Math.min(LABEL_PX.width, clientWidth / 6), Math.min(LABEL_PX.height, clientHeight / 6)];
  return { left: x, right: x, top: y, bottom: y };
}

function words({ dataset }: HTMLElement): Record<string, string> {
  const scroll = dataset["labelScroll"] ?? "";
  return {
    "Map.Title": dataset["labelMap"] ?? "",
    "NavigationControl.ZoomIn": dataset["labelZoomIn"] ?? "",
    "NavigationControl.ZoomOut": dataset["labelZoomOut"] ?? "",
    "CooperativeGesturesHandler.WindowsHelpText": scroll,
    "CooperativeGesturesHandler.MacHelpText": scroll.replace("Ctrl", "⌘"),
    "CooperativeGesturesHandler.MobileHelpText": dataset["labelTouch"] ?? "",
  };
}

function followTheme(map: MapLibreMap): void {
  const repaint = (): void => paint(map);
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}

function openOnClick(map: MapLibreMap): void {
  map.on("click", CLICKABLE_LAYERS, (event) => {
    const url: unknown = event.features?.[0]?.properties["url"];
    if (typeof url === "string") location.assign(url);
  });
  map.on("mouseenter", CLICKABLE_LAYERS, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", CLICKABLE_LAYERS, () => (map.getCanvas().style.cursor = ""));
}

function followDesk(
  map: MapLibreMap,
  { dataset }: HTMLElement,
  shown: [Areas<Zone>, Areas<Compound>],
  show: (zones: Areas<Zone>, compounds: Areas<Compound>) => void,
): void {
  let before = JSON.stringify(shown);
  const readAgain = async (): Promise<void> => {
    const [zones, compounds] = await Promise.all([
      read<Zone>(dataset["zonesUrl"]),
      read<Compound>(dataset["compoundsUrl"]),
    ]);
    const now = JSON.stringify([zones, compounds]);
    if (now === before) return;
    before = now;
    map.getSource<GeoJSONSource>("zones")?.setData(zones);
    map.getSource<GeoJSONSource>("compounds")?.setData(compounds);
    show(zones, compounds);
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target instanceof Element && event.target.id === "live") readAgain().catch(console.error);
  });
}

async function draw(element: HTMLElement): Promise<void> {
  const [zones, compounds, outlines] = await Promise.all([
    read<Zone>(element.dataset["zonesUrl"]),
    read<Compound>(element.dataset["compoundsUrl"]),
    read<Place>(element.dataset["outlinesUrl"]),
  ]);
  const bounds = scope(element, zones, compounds, outlines);
  const map = new MapLibreMap({
    container: element,
    style: EMPTY_STYLE,
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: words(element),
    ...(bounds.isEmpty()
      ? {}
      : { bounds, fitBoundsOptions: { padding: padding(element), maxZoom: CLOSEST_ZOOM } }),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  await map.once("load");
  map.addSource("outlines", { type: "geojson", data: outlines });
  map.addSource("compounds", { type: "geojson", data: compounds });
  map.addSource("zones", { type: "geojson", data: zones });
  addLayers(map);
  paint(map);
  const show = labelling(map, outlines);
  show(zones, compounds);
  openOnClick(map);
  followTheme(map);
  followDesk(map, element, [zones, compounds], show);
  element.classList.add("is-ready");
}

// Without WebGL or data the list beside the map says the same.
for (const element of document.querySelectorAll<HTMLElement>(".map")) {
  draw(element).catch((error: unknown) => {
    console.error(error);
    element.classList.add("is-unavailable");
  });
}
