"""The words the papers write with: sentences of our own, filled with invented names and figures."""
