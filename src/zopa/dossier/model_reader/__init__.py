"""A reader by a language model: it proposes, and nothing it says counts that does not stand in the text."""
