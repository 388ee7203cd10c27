"""The load plan: what so many users ask of the backend, by a model of the client, and the settings that keep it low."""
