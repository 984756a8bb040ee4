// Shows over a drop zone that a file may be let go, and in its `.drop-file` which file was chosen. The browser does the rest.
const zoneOf = (event: Event): Element | null =>
  event.target instanceof Element && event.target.matches("input[type=file].drop")
    ? event.target.closest(".drop-zone")
    : null;

function showChosen(event: Event): void {
  const label = zoneOf(event)?.querySelector(".drop-file");
  if (!label || !(event.target instanceof HTMLInputElement)) return;
  label.textContent = Array.from(event.target.files ?? [], (file) => file.name).join(", ");
}

export function startDropZones(): void {
  document.addEventListener("change", showChosen);
  document.addEventListener("dragenter", (event) => zoneOf(event)?.classList.add("is-over"));
  for (const name of ["dragleave", "drop"] as const) {
    document.addEventListener(name, (event) => zoneOf(event)?.classList.remove("is-over"));
  }
}
