"""What goes over the wire and into Redis."""
