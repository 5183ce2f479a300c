"""Delivery methods, and the terms a basket is priced with."""
