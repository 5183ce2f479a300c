"""What a person tells the shop about themselves: addresses, details, their data."""
