"""Attacks on a shop of our own, on this machine only, bounded in number and time: `python -m benchmarks.attacks`."""
