"""What happens when a card is charged: test cards, charges, disputes."""
