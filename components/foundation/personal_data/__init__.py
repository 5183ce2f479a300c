"""What the shop holds of a person: every column of every table, what becomes of it, its copy, and its end.

`data_tables` what a component declares in its `personal.py` · `person_records` the copy a person gets ·
`data_retention` what is over its period.
"""
