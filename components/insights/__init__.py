"""Insights: the MRR movement ledger, metrics, staff to-dos, and the check of all invariants.

Reads the views that other components declare for it (`insights_…`) and changes only its own rows: movements,
and scenarios with their simulations.
"""
