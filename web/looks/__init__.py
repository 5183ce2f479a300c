"""How the shop looks on its pages, and looks that are only tried."""
