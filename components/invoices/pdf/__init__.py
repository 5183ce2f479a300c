"""Invoices as PDF: laid out in a process of its own, one by one or a month as a file."""
