"""The edge of the application: security headers, cross-site checks, error pages, cached pages, health."""
