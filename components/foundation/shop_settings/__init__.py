"""The shop's own settings: what it is called, and how it writes money, time and order numbers.

They are rows, changed in the staff area; every process hears of a change. What belongs to the machine (addresses,
secrets, connections) comes from the environment: see `components.foundation.settings`.
"""
