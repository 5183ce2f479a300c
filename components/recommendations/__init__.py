"""Recommendations: what is chosen for one person, with the reason, and what is often bought together by many.

Owns pairs of products that are bought together, and words of the page to join for segments. Leaves how a choice looks
to `web`, and whether somebody wants any of it to `people`.
"""
