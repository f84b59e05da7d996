"""diembao as a service of systemd: the unit that is written for an installation, and where it goes."""
