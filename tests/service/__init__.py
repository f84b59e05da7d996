"""Units: their text, their files, the commands that put them in place."""
