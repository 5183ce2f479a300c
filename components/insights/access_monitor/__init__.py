"""Regular checks that nobody sees what they should not."""
