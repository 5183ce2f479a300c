"""What staff should see to now."""
