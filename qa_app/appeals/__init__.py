"""The agent's say: an objection to an evaluation or to one of its deductions."""
