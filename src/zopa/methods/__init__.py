"""Algorithms as the papers state them: arrays and graphs in, arrays out; nothing here knows a case."""
