"""Build the documentation site: docs/ as pages that work from a folder, with no server and nothing from outside.

    .venv/bin/python scripts/site/build.py [FOLDER [PAGES]]      out/docs from docs, unless said otherwise

Ends with 1 at the first thing that is not in order: a link or anchor that leads nowhere, a page in no navigation, a
fence that is not what it says.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def main(arguments: list[str]) -> int:
    """Build into the given folder; prints where the first page is, or what is wrong."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(__doc__)
        return 0
    if not sys.stderr.isatty():
        nocolor()
    out = Path(arguments[0]) if arguments else ROOT / "out" / "docs"
    try:
        pages = build(Path(arguments[1]) if len(arguments) > 1 else ROOT / "docs", out)
    except SphinxError as error:
        print(f"the site is not built: {error}", file=sys.stderr)
        return 1
    if pages:
        print(f"{out / 'index.html'}: {pages} pages")
    return 0 if pages else 1


def build(docs: Path, out: Path) -> int:
    """Write the site of a folder of pages anew; gives the number of pages, 0 where something is not in order."""
    if out.exists() and not (out / "_static").is_dir() and any(out.iterdir()):
        raise SphinxError(f"{out} holds something else: name an empty folder")
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as kept, patch_docutils(HERE), docutils_namespace():
        app = Sphinx(
            docs,
            HERE,
            out,
            Path(kept),
            "html",
            status=None,
            freshenv=True,
            warningiserror=True,
            parallel=1,
        )
        app.build(force_all=True)
        return 0 if app.statuscode else len(app.env.found_docs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
