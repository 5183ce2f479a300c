"""The plain resources: what they hold, how they change. Billing and Checkout have folders of their own."""
