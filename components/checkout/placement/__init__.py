"""From a basket to a placed order, its payment page, and the return from it."""
