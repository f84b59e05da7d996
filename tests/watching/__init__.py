"""Tests of the daemon, its schedule and the health of sources."""
