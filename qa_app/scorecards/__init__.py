"""What a good call is: scorecards, their versions, sections, criteria and points."""
