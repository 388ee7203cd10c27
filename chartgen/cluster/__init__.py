"""Live objects of a Kubernetes cluster: read, judged and changed. The client of Kubernetes is imported inside functions."""
