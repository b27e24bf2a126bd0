"""Traditional characters read as simplified ones, place for place, so that one set of rules serves both.

The text itself stays as it was written: only what the rules look at is changed, and every offset holds.
"""

import re
from functools import cache
from typing import Any

_LONE = re.compile("[\ud800-\udfff]")


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length; the very same text where nothing changes.

    Where a phrase would get longer or shorter, its characters are converted one by one.
    """
    converter = _converter()
    # Half a surrogate pair is no character; whatever is put in its place for the conversion is one as well.
    text = _LONE.sub("\ufffd", text)
    whole: str = converter.convert(text)
    if len(whole) == len(text):
        return text if whole == text else whole
    out = []
    for line in text.splitlines(keepends=True):
        changed = converter.convert(line)
        out.append(changed if len(changed) == len(line) else "".join(map(_one, line)))
    return "".join(out)


def _one(character: str) -> str:
    changed: str = _converter().convert(character)
    return changed if len(changed) == 1 else character
