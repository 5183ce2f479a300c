"""What the shop knows and does. No HTTP, no HTML."""
