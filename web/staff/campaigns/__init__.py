"""Campaigns, the rules for marketing e-mails, and what one customer said of them."""
