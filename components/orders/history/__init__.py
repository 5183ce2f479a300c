"""What somebody has bought so far."""
