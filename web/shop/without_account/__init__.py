"""What somebody sent without signing in: a cancellation, a withdrawal."""
