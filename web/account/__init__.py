"""What belongs to one person: signing in, the account and what is kept there."""
