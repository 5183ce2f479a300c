"""Where other programs call us."""
