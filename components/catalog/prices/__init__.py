"""What variants cost before and now: running sales, and the history of prices."""
