"""From a basket to a placed order, its payment page, and back."""
