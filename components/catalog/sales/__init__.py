"""Sales and the prices variants had before."""
