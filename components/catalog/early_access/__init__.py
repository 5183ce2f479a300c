"""Buying before general sale: quotas, purchases, and counts for each member."""
