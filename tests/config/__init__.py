"""config.toml: what may stand in it, and what is said of the rest."""
