"""Figures as ratios to a floor measured in the same run: the same adapters on the same connections, and nothing else."""
