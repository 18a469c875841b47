"""Facts that git knows about a workspace, read without following any configuration of the workspace."""
