"""Other people's programs, on loopback."""
