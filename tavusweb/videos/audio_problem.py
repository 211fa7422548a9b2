class AudioProblem(Exception):
    """A file that Tavus does not accept as a recording; the message is for its owner."""
