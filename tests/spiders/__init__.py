"""Tests of the spiders: one file each, named as its source."""
