"""JSON for other systems, under /api/v1."""
