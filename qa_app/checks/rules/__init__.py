"""One file a rule: each has `find(conversation, options)` and returns findings."""
