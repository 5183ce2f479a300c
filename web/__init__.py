"""HTTP only: read the request, call one function of a component, respond with a page."""
