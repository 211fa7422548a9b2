from tests.accounts.conftest import process, provider

__all__ = ["process", "provider"]
