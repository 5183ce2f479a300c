"""Benefits of a plan that are tried on those who are asked to join."""
