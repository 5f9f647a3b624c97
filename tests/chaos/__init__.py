"""Delivery under attack: workers killed, databases restarted, providers in trouble. The carrier's ledger is the oracle."""
