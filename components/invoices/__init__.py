"""Invoices and credit notes for orders and fees: numbered without gaps, frozen as printed, as a page and as PDF.

It only reads what others agreed and were paid. Money moves elsewhere; whoever is written to is decided by messaging.
"""
