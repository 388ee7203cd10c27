"""What is read: texts become trees of values with positions."""
