"""Measurements that the documentation quotes; each runs as a module."""
