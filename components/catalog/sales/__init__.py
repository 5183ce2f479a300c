"""Creating and changing sales: a lower price for everybody on some variants or collections, for a limited time."""
