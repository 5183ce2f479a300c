"""Insights: the ledger of movements and MRR, figures and what the staff should see to, and the check of all invariants.

Reads every component's rows and changes none but its own: movements, and drafts of rules with their replays.
"""
