from tests.accounts.conftest import process, provider, verified_maria

__all__ = ["process", "provider", "verified_maria"]
