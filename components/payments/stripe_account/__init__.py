"""The shop's account at Stripe: its webhook endpoint, what its key may do, and settings that only the dashboard has."""
