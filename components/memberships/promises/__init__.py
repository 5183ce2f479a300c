"""What a plan promises besides its benefits: that its fee is saved again, and that there is a place."""
