"""The local carrier: no channel, but what stands behind channels on a machine without a provider.

A real HTTP server that speaks Twilio's REST API and a real SMTP server, both on loopback, with a ledger of all they
were handed and faults on demand. Channels reach it by the code and the settings that reach the real ones.
"""

from channels.carrier.faults import Callbacks, Faults, Rule
from channels.carrier.ledger import Entry, Ledger
from channels.carrier.network import Account
from channels.carrier.server import Carrier

__all__ = ["Account", "Callbacks", "Carrier", "Entry", "Faults", "Ledger", "Rule"]
