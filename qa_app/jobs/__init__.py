"""Background work: the job table is the truth, a Celery message only a hint with the job id."""
