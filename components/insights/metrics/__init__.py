"""Figures about members and sales, and the rows behind them."""
