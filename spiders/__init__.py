"""Floor 3: where articles are found; one file per odd site, named as its spider."""
