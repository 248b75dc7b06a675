"""The command line, `flask --app qa_app …`: data to standard output, all else to standard error."""

from flask import Flask

from qa_app.cli import calls, checks, demo, jobs, rules, users


def init_app(app: Flask) -> None:
    """Add our commands beside Flask's own."""
    for group in (calls.group, checks.group, demo.group, jobs.group, rules.group, users.group):
        app.cli.add_command(group)
