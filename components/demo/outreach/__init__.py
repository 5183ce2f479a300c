"""Whom Kiln writes to, what it writes, and what its visitors look at."""
