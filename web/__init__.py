"""HTTP only: read the request, call one verb or question, answer with a page."""
