"""What a person has bought so far."""
