"""One format a module: findings become a report."""
