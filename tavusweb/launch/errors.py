class LaunchError(Exception):
    """A reason not to go on, in one line for a person."""
