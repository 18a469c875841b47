"""What git knows about a workspace, read without obeying any configuration that lies in it."""
