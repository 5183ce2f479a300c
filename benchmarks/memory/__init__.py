"""Which requests leave memory behind: one process that counts what it allocates, and visits of one kind at a time."""
