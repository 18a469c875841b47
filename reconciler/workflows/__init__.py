"""The stages joined: what `import reconciler` and the command line offer; prints nothing."""
