"""What must be true of the rows: invariants as data, checked in small steps while the shop is open."""
