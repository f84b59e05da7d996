"""Exports: what stands in each file, and that a folder is whole or absent."""
