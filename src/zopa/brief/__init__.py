"""Results on a few pages: one document model, then HTML and Markdown of it, in Chinese and English."""

from zopa.brief.write import write_brief

__all__ = ["write_brief"]
