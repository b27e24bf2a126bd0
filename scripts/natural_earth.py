"""Make the shapes of territories that maps are drawn from, from Natural Earth at 1:50 million as npm packs it.

    .venv/bin/python scripts/natural_earth.py            write them anew
    .venv/bin/python scripts/natural_earth.py --check    compare only: 1 and a line where the result differs

Needs npm; the only network use is `npm pack`, and the same input gives the same bytes. Shapes are joined to ISO 3166
codes by their ISO number, never by name. A shape without a number stays a shape of its own, without a code: whose it is
the file does not say. The one exception is Kosovo, which has a code that case files may use (XK, in CLDR by user
assignment).
"""

import hashlib
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from babel.core import get_global

PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/countries-50m.json"
SHA256 = "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394"
TARGET = Path(__file__).resolve().parent.parent / "src" / "zopa" / "charts" / "land" / "natural-earth.json"
GRID = 100
"""Points a degree: about a kilometre, where a line at 1:50 million is ten wide."""
NEAR = 1.0
"""How far, in steps of the grid, a point may lie from the line of those that are kept to be left out."""
ASSIGNED = {"Kosovo": "XK"}
Point = tuple[int, int]


def main(arguments: list[str]) -> int:
    """Write the file, or say whether it differs from the one there is."""
    made = text(derived(fetched()))
    if "--check" in arguments:
        same = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == made
        if not same:
            print(f"natural_earth: {TARGET.name} differs", file=sys.stderr)
        return 0 if same else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(made, encoding="utf-8")
    print(f"{TARGET}: {len(made) / 1e3:.0f} kB")
    return 0


def fetched() -> dict[str, Any]:
    """The topology of all territories, once its digest is as expected."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
        )
        with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
            member = archive.extractfile(MEMBER)
            if member is None:
                raise SystemExit(f"natural_earth: {PACKAGE} has no {MEMBER}")
            content = member.read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SystemExit(f"natural_earth: {MEMBER} of {PACKAGE} is not the one this script was written for")
    found: dict[str, Any] = json.loads(content)
    return found


def derived(topology: dict[str, Any]) -> dict[str, Any]:
    """Arcs on our grid, and the rings of each territory by code as numbers of arcs (``~n``: arc n backwards)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [_arc(arc, sx, sy, tx, ty) for arc in topology["arcs"]]
    numbers = get_global("territory_aliases")
    shapes: dict[str, list[Any]] = {}
    others: list[list[Any]] = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        rings = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        number, name = geometry.get("id"), geometry["properties"]["name"]
        code = numbers[number][0] if number else ASSIGNED.get(name)
        if code is None:
            others.append(rings)
        else:
            shapes.setdefault(code, []).extend(rings)
    return {"grid": GRID, "arcs": arcs, "shapes": dict(sorted(shapes.items())), "others": others}


def _arc(arc: list[list[int]], sx: float, sy: float, tx: float, ty: float) -> list[int]:
    """Points as steps on the grid, the first from 0, 0; points that the line does without are left out."""
    points: list[Point] = []
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        point = round((x * sx + tx) * GRID), round((y * sy + ty) * GRID)
        if not points or point != points[-1]:
            points.append(point)
    out: list[int] = []
    at = (0, 0)
    for point in _thinned(points):
        out += (point[0] - at[0], point[1] - at[1])
        at = point
    return out


def _thinned(points: list[Point]) -> list[Point]:
    """Douglas and Peucker (1973); both ends stay, and of an island at least a triangle."""
    kept = {0, len(points) - 1}
    island = points[0] == points[-1]
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, k = max(
            ((_apart(points[k], points[first], points[last]), k) for k in range(first + 1, last)),
            default=(0.0, 0),
        )
        if far > NEAR or (far > 0 and island and len(kept) < 4):
            kept.add(k)
            spans += [(first, k), (k, last)]
    return [points[k] for k in sorted(kept)]


def _apart(point: Point, start: Point, end: Point) -> float:
    """How far a point lies from a stretch."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x, y = point[0] - start[0], point[1] - start[1]
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, (x * dx + y * dy) / length)) if length else 0.0
    return math.hypot(x - along * dx, y - along * dy)


def text(made: dict[str, Any]) -> str:
    """The file: one line an entry, so that a change can be seen."""

    def lines(entries: list[str]) -> str:
        return ",\n".join(entries)

    def packed(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    arcs = lines([packed(arc) for arc in made["arcs"]])
    shapes = lines([f"{packed(code)}:{packed(rings)}" for code, rings in made["shapes"].items()])
    others = lines([packed(rings) for rings in made["others"]])
    return f'{{"grid":{made["grid"]},\n"arcs":[\n{arcs}\n],\n"shapes":{{\n{shapes}\n}},\n"others":[\n{others}\n]}}\n'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
