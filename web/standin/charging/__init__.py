"""Charging cards: test cards, charges, disputes."""
