"""What must be true of the rows: rules as data, checked in small steps while the shop is open."""
