"""A recorded call and what was said in it."""
