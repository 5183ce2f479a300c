"""What belongs to one person: sign-in, and the account with its pages."""
