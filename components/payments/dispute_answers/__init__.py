"""What staff say about a dispute: drafts of evidence, what was sent to Stripe once, and what became of it."""
