"""Members and their credit, and viewing the shop as somebody else, for staff."""
