"""What is so: each setting in every place that has it, the load that is predicted and seen, and what could not be looked at."""
