"""What a browser sends and keeps of the console, without the browser: cookies, and where a request comes from."""

import http.client
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.e2e.aggregator import Aggregator

NAVIGATION = {"Accept": "text/html,*/*", "Sec-Fetch-Site": "none"}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Browser:
    """One browser with its cookies."""

    aggregator: Aggregator
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookie: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        """Open an address as by typing it."""
        return self._ask("GET", path, "", NAVIGATION | _named(headers))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send a form of the console's own page."""
        own = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, urlencode(fields), own | _named(headers))

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with closing(self.aggregator.connect_console()) as connection:
            connection.request(method, path, body, {name: value for name, value in headers.items() if value})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode())
        self.set_cookie = response.headers.get("set-cookie", "")
        for name, morsel in SimpleCookie(self.set_cookie).items():
            if morsel.value:
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)
        return answer


def _named(headers: dict[str, str]) -> dict[str, str]:
    """Keywords as header names: `sec_fetch_site` is `Sec-Fetch-Site`; an empty one is left out."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}
