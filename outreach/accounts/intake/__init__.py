"""Placements come in as CSV (interfaces.md section 4): streaming, idempotent, every bad row named with its reason.

`columns` says what a file may hold, `reader` turns bytes into numbered rows, `record` judges one row, `checks` and
`writes` judge and store a chunk set by set, `service` drives a file.
"""
