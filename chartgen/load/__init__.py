"""The load of polling, made and measured: users as the model has them, against a real server, beside the plan."""
