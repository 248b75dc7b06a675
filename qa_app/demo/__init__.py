"""A made-up call centre to look around in: people, teams and three spoken calls."""
