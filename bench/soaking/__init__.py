"""What `bench.soak` is made of: a clock, papers and their script, a daemon, a person, samples, a verdict."""
