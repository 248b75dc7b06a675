"""How the acoustic head was made: `python -m pronunciation.training DATA_FOLDER OUT`."""
