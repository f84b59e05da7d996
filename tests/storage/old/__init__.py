"""Stores as every schema that was ever released wrote them; `make.py` says how they were made."""
