"""An invoice issued again with another buyer, and what belongs together since."""
