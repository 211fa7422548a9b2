"""Detect script errors, CSP violations and requests to other hosts while a test uses a page."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

NewContext = Callable[..., BrowserContext]

NOT_LOADED = "Failed to load resource"
# Only from the bundled sandbox's player, a page of this same site with nothing to escape from.
OWN_FRAME = "An iframe which has both allow-scripts and allow-same-origin for its sandbox attribute can escape"


class Faults:
    """The faults of one browser context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = origin
        self._found: list[str] = []
        self._not_loaded: list[tuple[str, str]] = []
        self._answered: set[str] = set()
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._found.append(f"page error: {error.error}"))
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("page", self._on_page)

    def seen(self) -> list[str]:
        """Return the faults so far. A page's own 404 or 422 is left to its test."""
        missing = [f"{text} ({url})" for url, text in self._not_loaded if url not in self._answered]
        return self._found + missing

    def _on_page(self, page: Page) -> None:
        page.on("crash", lambda: self._found.append(f"crashed: {page.url}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or message.text.startswith(OWN_FRAME):
            return
        if message.text.startswith(NOT_LOADED):
            self._not_loaded.append((message.location["url"], message.text))
        else:
            self._found.append(f"console {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self._found.append(f"request to another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._answered.add(response.url)
