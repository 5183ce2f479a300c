"""What is offered beside the cancel button, chosen by staff for each reason, and what came of it."""
