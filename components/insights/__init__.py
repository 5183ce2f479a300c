"""Insights: the MRR movement ledger, metrics, staff to-dos, and the check of all invariants.

Reads every component's rows and changes only its own: movements, and scenarios with their simulations.
"""
