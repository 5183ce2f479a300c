"""WooCommerce's product export, read and written."""
