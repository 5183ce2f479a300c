"""Invoices as mirrored: what was billed, what is owed, and whether the first payment has arrived."""
