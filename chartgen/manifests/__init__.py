"""A project's objects as plain manifests, for `kubectl apply` without Helm's releases."""
