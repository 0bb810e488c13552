"""A room for each notebook: its pictures, and the checks of its exercises."""
