"""Run the tutorial notebooks and write down what their cells show; ``--check`` only says which of them are stale.

    .venv/bin/python scripts/notebooks.py [--check] [en] [zh]

Each runs from top to bottom in an empty folder, and the first cell that fails ends it. What is stored is the same on
every machine: no paths, times or counts of a kernel but its cells' own, and a picture as the text of its SVG.
"""

import asyncio
import json
import logging
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "en": ROOT / "docs" / "tutorial" / "notebook.ipynb",
    "zh": ROOT / "docs" / "zh" / "tutorial" / "notebook.ipynb",
}
MOST = 400_000
"""Bytes a notebook may take with what it shows."""
_PICTURE = re.compile(r'src="data:image/svg\+xml;base64,[^"]*"')


def text_of(cell: dict[str, Any]) -> str:
    """What stands in a cell."""
    return "".join(cell["source"])


def shown(cell: dict[str, Any]) -> list[dict[str, str]]:
    """What a cell shows, by kind; of pictures only that they are there: other versions may draw them otherwise."""
    out = []
    for output in cell["outputs"]:
        kinds = {output["name"]: output["text"]} if output["output_type"] == "stream" else output["data"]
        out.append({kind: _PICTURE.sub('src="picture"', "".join(content)) for kind, content in kinds.items()})
    return out


def differing(page: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Ids of the code cells that show something else in the one notebook than in the other."""
    pairs = zip(page["cells"], other["cells"], strict=True)
    return [a["id"] for a, b in pairs if a["cell_type"] == "code" and shown(a) != shown(b)]


def executed(path: Path) -> dict[str, Any]:
    """A notebook run anew, with neutral metadata; ``nbclient``'s error where a cell fails."""
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    page = nbformat.read(path, as_version=4)
    own = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    # Whatever machine this is: English, no progress bars, nothing in colour.
    plain = {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PYTHONPATH": own, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    kept = {name: value for name, value in os.environ.items() if name != "ZOPA_LANG"}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as sockets:
        # No port of the machine is opened for it.
        kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel")
        place = {"metadata": {"path": folder}}
        client = NotebookClient(page, km=kernel, timeout=600, record_timing=False, resources=place)
        asyncio.run(_run(client, kernel, {**kept, **plain}))
    page.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in page.cells:
        cell.metadata = {}
    found: dict[str, Any] = json.loads(nbformat.writes(page))
    return found


async def _run(client: Any, kernel: Any, env: dict[str, str]) -> None:
    try:
        await client.async_execute(env=env)
    finally:
        await kernel.shutdown_kernel(now=True)


def main(arguments: list[str]) -> int:
    """Run the notebooks of the named languages, or both; write them, or compare them with what is stored."""
    logging.disable(logging.WARNING)
    stale = 0
    for path in [PAGES[lang] for lang in PAGES if lang in arguments] or PAGES.values():
        name = path.relative_to(ROOT).as_posix()
        page = executed(path)
        text = json.dumps(page, ensure_ascii=False, indent=1) + "\n"
        size = len(text.encode())
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{name}: {size:,} bytes")
        elif cells := differing(page, json.loads(path.read_text(encoding="utf-8"))):
            print(f"{name}: stale in {', '.join(cells)}; run scripts/notebooks.py")
            stale += 1
        if size > MOST:
            print(f"{name}: {size:,} bytes, more than {MOST:,}")
            stale += 1
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
