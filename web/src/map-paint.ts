// What the map looks like: zones by level, each with its own pattern and line, in the colours of the page's theme.
import type { Map as MapLibreMap, StyleSpecification } from "maplibre-gl";

const LEVELS = ["sealed", "controlled", "precaution"] as const;
type Level = (typeof LEVELS)[number];

// One tile of a pattern, in CSS pixels; drawn at twice that for sharp screens.
const TILE_PX = 12;
const SHARPNESS = 2;

const LINES: Record<Level, { width: number; dash: number[] }> = {
  sealed: { width: 3, dash: [1, 0] },
  controlled: { width: 2.5, dash: [5, 2] },
  precaution: { width: 2, dash: [1.5, 1.5] },
};

const cssColour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Lines run past the tile's edges so that neighbouring tiles meet.
function strokeDiagonal(pen: CanvasRenderingContext2D, spacing: number, falling: boolean): void {
  pen.beginPath();
  for (let offset = -TILE_PX; offset <= 2 * TILE_PX; offset += spacing) {
    pen.moveTo(offset, falling ? 0 : TILE_PX);
    pen.lineTo(offset + TILE_PX, falling ? TILE_PX : 0);
  }
  pen.stroke();
}

function strokeDots(pen: CanvasRenderingContext2D): void {
  for (const [x, y] of [
    [3, 3],
    [9, 9],
  ] as const) {
    pen.beginPath();
    pen.arc(x, y, 1.4, 0, 2 * Math.PI);
    pen.fill();
  }
}

const DRAW: Record<Level, (pen: CanvasRenderingContext2D) => void> = {
  sealed: (pen) => {
    strokeDiagonal(pen, 6, true);
    strokeDiagonal(pen, 6, false);
  },
  controlled: (pen) => strokeDiagonal(pen, 6, false),
  precaution: strokeDots,
};

function pattern(level: Level): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = TILE_PX * SHARPNESS;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws no canvas");
  pen.scale(SHARPNESS, SHARPNESS);
  pen.strokeStyle = pen.fillStyle = cssColour(`--zone-${level}`);
  pen.lineWidth = 1.25;
  DRAW[level](pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** An empty sheet: no tiles, no glyphs, no sprite, so nothing is fetched. */
export const EMPTY_STYLE: StyleSpecification = {
  version: 8,
  sources: {},
  layers: [{ id: "ground", type: "background" }],
};

export function addLayers(map: MapLibreMap): void {
  map.addLayer({ id: "land", type: "fill", source: "outlines" });
  map.addLayer({ id: "outline", type: "line", source: "outlines", paint: { "line-width": 1 } });
  map.addLayer({ id: "compound", type: "fill", source: "compounds" });
  map.addLayer({ id: "compound-line", type: "line", source: "compounds", paint: { "line-width": 1.5 } });
  for (const level of LEVELS) {
    const ofLevel = ["==", ["get", "level"], level] as ["==", ["get", string], string];
    map.addImage(`pattern-${level}`, pattern(level), { pixelRatio: SHARPNESS });
    map.addLayer({
      id: `wash-${level}`,
      type: "fill",
      source: "zones",
      filter: ofLevel,
      paint: { "fill-opacity": 0.16 },
    });
    map.addLayer({
      id: `fill-${level}`,
      type: "fill",
      source: "zones",
      filter: ofLevel,
      paint: { "fill-pattern": `pattern-${level}` },
    });
    map.addLayer({
      id: `line-${level}`,
      type: "line",
      source: "zones",
      filter: ofLevel,
      paint: { "line-width": LINES[level].width, "line-dasharray": LINES[level].dash },
    });
  }
}

/** Takes the colours from the page's theme; called again whenever that changes. */
export function paint(map: MapLibreMap): void {
  map.setPaintProperty("ground", "background-color", cssColour("--color-base-200"));
  map.setPaintProperty("land", "fill-color", cssColour("--map-land"));
  map.setPaintProperty("outline", "line-color", cssColour("--map-outline"));
  map.setPaintProperty("compound", "fill-color", cssColour("--color-base-100"));
  map.setPaintProperty("compound-line", "line-color", cssColour("--edge"));
  for (const level of LEVELS) {
    map.updateImage(`pattern-${level}`, pattern(level));
    map.setPaintProperty(`wash-${level}`, "fill-color", cssColour(`--zone-${level}`));
    map.setPaintProperty(`line-${level}`, "line-color", cssColour(`--zone-${level}`));
  }
}

/** The layers that a click can hit: zones, and the compounds under none. */
export const CLICKABLE_LAYERS = ["compound", ...LEVELS.map((level) => `wash-${level}`)];
