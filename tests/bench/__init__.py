"""The parts of measurements that decide."""
