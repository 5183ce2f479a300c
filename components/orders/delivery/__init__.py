"""What was promised about an order's delivery, and where it goes."""
