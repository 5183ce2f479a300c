"""What each person pays a month, recorded whenever it changes."""
