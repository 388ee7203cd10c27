"""What a change of the settings schema breaks: two versions of it, and the values in use, become a list of changes."""
