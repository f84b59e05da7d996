"""The laboratory: what a rule would do on everything stored, before it is let loose."""
