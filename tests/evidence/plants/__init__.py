"""Violations planted for the auditor, by subject, and what looks like one and is none."""
