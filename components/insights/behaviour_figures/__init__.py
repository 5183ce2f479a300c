"""What follows from what visitors looked at: funnels, what is not bought, searches, what leads to joining, and how
engaged each member is."""
