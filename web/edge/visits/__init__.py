"""What visitors are shown, counted; and their answer to whether their visits may be kept."""
