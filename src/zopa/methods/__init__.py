"""Algorithms as the papers state them: arrays and graphs in, arrays out; nothing here knows a case."""

from zopa.methods.kernel_cache import keep_compiled

# Before any method is compiled, and so before any of them is imported.
keep_compiled()
