"""Measurements of this machine, taken in one run: `python -m benchmarks`. Trust the ratios, not the absolute
numbers."""
