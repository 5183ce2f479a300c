"""Money in, payment by payment, for the accountant: each line of a file, and their sums are the figure's."""
