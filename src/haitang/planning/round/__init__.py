"""Stations, lanes, staff and a time slot for everybody, so that all are reached once by a deadline."""
