"""The API: one file for the jobs, one for their events, one for what a cluster asks."""
