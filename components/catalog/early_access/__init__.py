"""Buying before general sale: quotas, what has been bought, and how many each member has had."""
