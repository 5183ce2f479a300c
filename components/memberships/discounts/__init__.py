"""Discounts on membership fees: by a code when joining, by staff, or offered to who would otherwise cancel."""
