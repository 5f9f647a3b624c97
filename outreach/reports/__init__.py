"""Reads that cross nouns: one query layer, so that lists, charts and exports never contradict one another."""
