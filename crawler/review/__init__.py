"""The page where a person decides: reads cases, writes verdicts, nothing else."""
