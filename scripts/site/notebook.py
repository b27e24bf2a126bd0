"""A notebook as Markdown: its texts, its code and what the cells showed when they last ran."""

import json
import re
from typing import Any


def markdown(text: str) -> str:
    """The cells of a notebook file in order, each output behind its code."""
    out: list[str] = []
    for cell in json.loads(text)["cells"]:
        source = _joined(cell["source"]).strip("\n")
        if cell["cell_type"] == "markdown":
            out.append(source)
        elif cell["cell_type"] == "code" and source:
            # What only notebooks understand (%env) is no Python: no fault of the page.
            out.append(_fence("{code-block} python", f":force:\n\n{source}"))
            out += [_shown(output) for output in cell.get("outputs", [])]
    return "\n\n".join(part for part in out if part) + "\n"


def _shown(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        return _fence("{raw} html", f'<div class="shown">{_joined(data["text/html"])}</div>')
    if "image/svg+xml" in data:
        return _fence("{raw} html", f'<div class="shown">{_joined(data["image/svg+xml"])}</div>')
    text = _joined(output.get("text", "")) or _joined(data.get("text/plain", ""))
    return _fence("text", text.strip("\n")) if text.strip() else ""


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _fence(head: str, body: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", body)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{head}\n{body}\n{mark}"
