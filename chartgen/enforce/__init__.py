"""One target a module: settings become what an enforcer runs."""
