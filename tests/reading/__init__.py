"""Reading: pages to articles."""
