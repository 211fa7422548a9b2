"""The takes of a share link: which one it shows, showed and will show, and which ones its viewers choose among."""
