from .saved_filter import SavedFilter
from .search_entry import SearchEntry

__all__ = ["SavedFilter", "SearchEntry"]
