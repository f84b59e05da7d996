"""Telling people: what is new, which papers fell ill, that the watch goes on; by mail, webhook or Apprise."""
