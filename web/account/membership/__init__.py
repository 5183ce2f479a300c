"""A person's membership: the plan and every way to change it, what it gives and what it saved."""
