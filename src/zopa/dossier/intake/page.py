"""A document taken out of its file: the running text, and what the file itself says about it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a document, paragraphs apart by a blank line, with what its file says of title, outlet and day.

    ``via`` is who passed it on, where the page names another as its source; ``published`` only what the page itself
    gives as the day of publication: the day on which a file was made says nothing.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    via: str | None = None
    published: date | None = None
    link: str | None = None
