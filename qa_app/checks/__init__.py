"""Detection: rules over a call that leave findings."""
