"""The simple resources: their fields and changes. Billing and Checkout have folders of their own."""
