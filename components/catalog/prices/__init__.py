"""Current sales and past prices of variants."""
