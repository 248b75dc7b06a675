"""Mandarin sounds: what a text should sound like and what was said."""
