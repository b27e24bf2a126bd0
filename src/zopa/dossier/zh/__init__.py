"""Chinese: cues, speakers, ranges and dates of agency and press texts."""
