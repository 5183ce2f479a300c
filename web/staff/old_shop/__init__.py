"""Customers and orders of the shop before this one, for staff."""
