"""What was asked of Stripe and may move money: stored before it is sent, until its outcome is known."""
