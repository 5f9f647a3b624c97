"""Creditors' own systems: who may come in (`keys`), what they tell us (`instructions`, `holds`), what we tell them (`events`).

Above the nouns it acts on and reads, beside `campaigns` and `conversations`, which it does not need.
"""
