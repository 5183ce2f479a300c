"""Figures kept beside the rows they are made from, and brought up to date by person and by day.

What changes is queued by triggers in its own transaction, and whatever reads a figure adds what is still queued: it is
exact at every moment, however long the job that rolls the queue up has not run. Where too much is not added up yet,
pages say so (`figure_readiness`).
"""
