"""What the stand-in remembers, and how time moves it."""
