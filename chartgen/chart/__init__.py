"""The chart: settings and a project become files, in memory."""
