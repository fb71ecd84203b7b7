"""Measures camaudit and its peers in turn on the same simulated fleets: ``python -m benchmarks.run``."""
