"""Invoices in the staff area: the list, its file, and a month as PDFs."""
