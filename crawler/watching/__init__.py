"""The daemon, the schedule, the health of sources: the one folder that knows APScheduler."""
