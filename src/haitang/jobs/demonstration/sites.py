"""Where the invented compounds stand: names, codes, shapes of buildings and their places on the site."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

METRES_PER_DEGREE = 111_320.0

# (floors, doors a floor, flats on the ground floor: fewer where there are shops), building 1 first.
GARDEN_SHAPES = (
    *[(6, 4, 0), (6, 4, 0), (9, 4, 4), (11, 4, 4), (11, 4, 4), (18, 2, 2)],
    *[(14, 4, 0), (16, 4, 4), (18, 4, 4), (18, 4, 4), (16, 4, 4), (17, 4, 4)],
    *[(16, 4, 2), (18, 4, 4), (18, 4, 4), (17, 4, 4), (18, 4, 4), (15, 4, 4)],
    *[(18, 4, 2), (18, 4, 4), (16, 4, 4), (18, 4, 4), (18, 4, 4), (18, 3, 3), (18, 4, 2)],
)
SIBLING_SHAPES = ((7, 4, 4), (9, 4, 4), (11, 4, 4), (11, 4, 4), (7, 4, 4), (11, 4, 4), (11, 4, 4), (11, 4, 4))
ELSEWHERE_SHAPES = ((8, 4, 4), (8, 4, 4), (13, 2, 2), (8, 4, 4), (8, 4, 4), (13, 2, 2))


@dataclass(frozen=True)
class Building:
    """A building of `floors` storeys; `ground_doors` of its `doors` a floor are flats on the ground floor."""

    number: str
    floors: int
    doors: int
    ground_doors: int
    lon: float
    lat: float

    def rooms(self) -> Iterator[tuple[int, str]]:
        """(floor, room) of each flat from the ground up, such as (14, "1403")."""
        for floor in range(1, self.floors + 1):
            for door in range(1, (self.doors if floor > 1 else self.ground_doors) + 1):
                yield floor, f"{floor}{door:02}"


@dataclass(frozen=True)
class Site:
    """What is invented about a compound before anybody lives there.

    `town` is a code of suzhou_admin_2023.csv; `lon`, `lat` (WGS84) are building 1, the south-west corner;
    `rows` says how many buildings stand in each row, from the south.
    """

    slug: str
    name: str
    name_en: str
    community: str
    community_name: str
    town: str
    lon: float
    lat: float
    shapes: tuple[tuple[int, int, int], ...]
    rows: tuple[int, ...]


# The towns are real; the communities and compounds are not, and their codes are none that the register gives.
GARDEN = Site(
    slug="haitang-garden",
    name="海棠花园",
    name_en="Haitang Garden",
    community="320508018901",
    community_name="海棠社区居委会",
    town="320508018",
    lon=120.6219,
    lat=31.3097,
    shapes=GARDEN_SHAPES,
    rows=(6, 6, 6, 7),
)
SIBLING = Site(
    slug="liuan-new-village",
    name="柳岸新村",
    name_en="Liu'an New Village",
    community="320508018902",
    community_name="柳岸社区居委会",
    town="320508018",
    lon=120.6271,
    lat=31.3101,
    shapes=SIBLING_SHAPES,
    rows=(4, 4),
)
ELSEWHERE = Site(
    slug="qinghe-residence",
    name="青荷小区",
    name_en="Qinghe Residence",
    community="320583100901",
    community_name="青荷社区居委会",
    town="320583100",
    lon=120.9552,
    lat=31.3846,
    shapes=ELSEWHERE_SHAPES,
    rows=(3, 3),
)


def buildings_of(site: Site, rng: Random) -> tuple[Building, ...]:
    """Rows from south to north: 48 m along a row, 55 m between rows, each building slightly out of line."""
    north = 1 / METRES_PER_DEGREE
    east = north / math.cos(math.radians(site.lat))
    spots = [(column, row) for row, length in enumerate(site.rows) for column in range(length)]
    return tuple(
        Building(
            number=str(index),
            floors=floors,
            doors=doors,
            ground_doors=ground,
            lon=round(site.lon + (column * 48 + row % 2 * 9 + rng.uniform(-2, 2)) * east, 6),
            lat=round(site.lat + (row * 55 + rng.uniform(-2, 2)) * north, 6),
        )
        for index, ((floors, doors, ground), (column, row)) in enumerate(
            zip(site.shapes, spots, strict=True), start=1
        )
    )


def outline_of(buildings: tuple[Building, ...], margin: float = 35) -> tuple[tuple[float, float], ...]:
    """The closed ring of (lon, lat) that lies `margin` metres around the outermost buildings."""
    lons, lats = [building.lon for building in buildings], [building.lat for building in buildings]
    north = margin / METRES_PER_DEGREE
    east = north / math.cos(math.radians(lats[0]))
    west_end, east_end = round(min(lons) - east, 6), round(max(lons) + east, 6)
    south_end, north_end = round(min(lats) - north, 6), round(max(lats) + north, 6)
    corners = ((west_end, south_end), (east_end, south_end), (east_end, north_end), (west_end, north_end))
    return (*corners, corners[0])
