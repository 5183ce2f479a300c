"""Memberships that no subscription pays for: complimentary, gifts, seats, fixed terms, spending, imports."""
