"""What programs read of the shop: feeds and the sitemap."""
