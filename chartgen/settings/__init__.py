"""The model: a settings schema becomes settings, rules and profiles."""
