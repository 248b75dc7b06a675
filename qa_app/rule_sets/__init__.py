"""The rules as a site changes them: drafts, trials, versions, and what people's verdicts teach."""
