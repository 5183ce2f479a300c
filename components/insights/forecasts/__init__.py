"""What members and buyers will probably do: renewals, orders, order values and habits, from the shop's own rows.

The models (`*_models.py`, `*_model.py`, `likelihood.py`, `posterior.py`) are pure and import numpy and scipy, which no
process of the shop loads: they run in one of their own (`fitting_process.py`), and pages read the rows it leaves.
`docs/forecasts.md` has the formulas and where they come from.
"""
