"""Takes of a share link: current, earlier and planned ones, and those offered as a choice."""
