from .search_entry import SearchEntry

__all__ = ["SearchEntry"]
