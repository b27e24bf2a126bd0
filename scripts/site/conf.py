"""How Sphinx makes the site: the settings, and nothing that the pages do not need."""

from pages import setup

__all__ = ["setup"]

project = "zopa"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown", ".ipynb": "markdown"}
root_doc = "index"

# The pages are plain CommonMark with tables, as a code host shows them: what MyST adds is off.
myst_enable_extensions: list[str] = []
myst_disable_syntax = ["myst_role", "myst_target", "myst_line_comment", "myst_block_break"]
myst_heading_anchors = 6

nitpicky = True
smartquotes = False
highlight_language = "text"

html_theme = "theme"
html_theme_path = ["."]
html_use_index = False
html_copy_source = False
html_permalinks = True
html_permalinks_icon = "#"
