"""The plain resources: what they hold, how they are made and changed. Billing and Checkout have folders of their own."""
