"""The home page's sections and the menus, as every process knows them."""
