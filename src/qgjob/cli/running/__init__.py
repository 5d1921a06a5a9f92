"""A run from the moment it is submitted until it is over: what is shown, what signals do, and how it ends."""
