"""What is chosen for one visitor, and what is often bought together."""
