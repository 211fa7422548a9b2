from .label import Folder, FolderEntry, Tag, VideoTag
from .saved_filter import SavedFilter
from .search_entry import SearchEntry

__all__ = ["Folder", "FolderEntry", "SavedFilter", "SearchEntry", "Tag", "VideoTag"]
