"""Submissions as learners hand them in: read and taken apart, never run."""
