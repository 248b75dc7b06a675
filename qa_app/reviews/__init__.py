"""A scorecard applied to a call by machine and people."""
