"""How long anybody waits for Stripe: the time of one request, and what goes on when it is over."""
