"""Whom a person's invoices are addressed to."""
