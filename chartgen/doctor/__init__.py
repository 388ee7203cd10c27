"""What is wrong in a cluster: each case with its evidence, the command to see it oneself, the cause, and what mends it."""
