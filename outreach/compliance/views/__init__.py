"""What several rules derive from the facts at an instant, each view computed once: where, about what, after which words."""
