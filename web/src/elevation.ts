// Walks the building elevation by arrow keys, and shows what a door says in a card beside it.
//
// Every building is one tab stop. Up and down change the floor, left and right the door and, at the edge, the building;
// Home and End go to the ends of the floor, PageUp and PageDown to the top and the ground. Enter is the link's own.

type Door = SVGAElement;

const GAP_PX = 8;
const SEPARATOR = " · ";
// More than any building has floors or columns; a floor weighs this many columns in what is nearest.
const BEYOND = 1000;

const doorsIn = (root: ParentNode): Door[] => Array.from(root.querySelectorAll<Door>("a.door"));
const floorOf = (door: Door): number => Number(door.dataset["floor"]);
const columnOf = (door: Door): number => Number(door.dataset["column"]);

function doorAt(target: EventTarget | null): Door | null {
  return target instanceof Element ? target.closest<Door>(".elevation a.door") : null;
}

function nearest(doors: Door[], floor: number, column: number): Door | undefined {
  const distance = (door: Door): number =>
    Math.abs(floorOf(door) - floor) * BEYOND + Math.abs(columnOf(door) - column);
  return doors.reduce<Door | undefined>(
    (best, door) => (best && distance(best) <= distance(door) ? best : door),
    undefined,
  );
}

function onFloor(door: Door, step: 1 | -1): Door | undefined {
  const beyond = doorsIn(door.closest(".building") ?? document).filter(
    (other) => (floorOf(other) - floorOf(door)) * step > 0,
  );
  return nearest(beyond, floorOf(door), columnOf(door));
}

function beside(door: Door, step: 1 | -1): Door | undefined {
  const building = door.closest(".building");
  if (!building) return undefined;
  const row = doorsIn(building).filter(
    (other) => floorOf(other) === floorOf(door) && (columnOf(other) - columnOf(door)) * step > 0,
  );
  if (row.length > 0) return nearest(row, floorOf(door), columnOf(door));
  const buildings = Array.from(door.closest(".elevation")?.querySelectorAll(".building") ?? []);
  const next = buildings[buildings.indexOf(building) + step];
  return next && nearest(doorsIn(next), floorOf(door), step === 1 ? -BEYOND : BEYOND);
}

function endOfFloor(door: Door, step: 1 | -1): Door | undefined {
  const row = doorsIn(door.closest(".building") ?? document).filter(
    (other) => floorOf(other) === floorOf(door),
  );
  return row.sort((a, b) => (columnOf(b) - columnOf(a)) * step)[0];
}

function endOfBuilding(door: Door, step: 1 | -1): Door | undefined {
  const building = door.closest(".building");
  return building ? nearest(doorsIn(building), step * BEYOND, columnOf(door)) : undefined;
}

const MOVES: Record<string, (door: Door) => Door | undefined> = {
  ArrowUp: (door) => onFloor(door, 1),
  ArrowDown: (door) => onFloor(door, -1),
  ArrowLeft: (door) => beside(door, -1),
  ArrowRight: (door) => beside(door, 1),
  Home: (door) => endOfFloor(door, -1),
  End: (door) => endOfFloor(door, 1),
  PageUp: (door) => endOfBuilding(door, 1),
  PageDown: (door) => endOfBuilding(door, -1),
};

function makeTabStop(door: Door): void {
  for (const other of doorsIn(door.closest(".building") ?? document)) {
    other.setAttribute("tabindex", other === door ? "0" : "-1");
  }
}

function makeTabStops(root: ParentNode): void {
  for (const building of root.querySelectorAll(".elevation .building")) {
    const [first] = doorsIn(building);
    if (first) makeTabStop(first);
  }
}

// On the phone one building is shown, the address's; its number in the index says so.
function markShown(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".building-index a")) {
    if (link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function makeCard(): HTMLElement {
  const card = document.createElement("div");
  card.className = "door-card";
  card.hidden = true;
  // The door's own label says the same to a screen reader.
  card.setAttribute("aria-hidden", "true");
  document.body.append(card);
  return card;
}

function showCard(card: HTMLElement, door: Door): void {
  const lines = (door.getAttribute("aria-label") ?? "").split(SEPARATOR);
  card.replaceChildren(
    ...lines.map((line, index) => {
      const row = document.createElement(index === 0 ? "strong" : "div");
      row.textContent = line;
      return row;
    }),
  );
  card.hidden = false;
  const box = door.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - GAP_PX);
  const above = box.top - card.offsetHeight - GAP_PX;
  card.style.left = `${Math.max(GAP_PX, left)}px`;
  card.style.top = `${above >= GAP_PX ? above : box.bottom + GAP_PX}px`;
}

function walk(event: KeyboardEvent): void {
  const door = doorAt(event.target);
  const next = door && !event.altKey && !event.metaKey && MOVES[event.key]?.(door);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function startElevation(): void {
  const card = makeCard();
  const show = (event: Event): void => {
    const door = doorAt(event.target);
    if (door) showCard(card, door);
  };
  const hide = (): void => {
    card.hidden = true;
  };
  makeTabStops(document);
  markShown();
  window.addEventListener("hashchange", markShown);
  // A page whose fragment htmx has replaced has new doors.
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element) makeTabStops(event.target.parentElement ?? document);
  });
  document.addEventListener("keydown", walk);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("focusin", (event) => {
    const door = doorAt(event.target);
    if (door) makeTabStop(door);
  });
  for (const name of ["focusin", "pointerover"]) document.addEventListener(name, show);
  for (const name of ["focusout", "pointerout"]) document.addEventListener(name, hide);
  // A door that was reached by key takes its card along when the page scrolls to it.
  const follow = (): void => {
    const door = doorAt(document.activeElement);
    if (door?.matches(":focus-visible")) showCard(card, door);
    else hide();
  };
  document.addEventListener("scroll", follow, { passive: true, capture: true });
}
