"""The states of a membership, and the pauses that make some of them."""
