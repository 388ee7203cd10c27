"""The first files of a project: settings that a user names, or has in a ConfigMap, become a schema and chartgen.yaml."""
