class AudioProblem(Exception):
    """Why a file is not a recording that Tavus takes, as a sentence for its owner."""
