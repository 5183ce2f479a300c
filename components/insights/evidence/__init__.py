"""What the shop itself knows about a disputed payment, written as a bank reads it: where staff begin."""
