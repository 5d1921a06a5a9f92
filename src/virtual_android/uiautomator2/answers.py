"""WebDriver errors under the names and statuses that UiAutomator2's server gives them."""

from http import HTTPStatus
from typing import TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"


class WebDriverError(Exception):
    """One WebDriver error; `code` is its W3C name."""

    code = "unknown error"
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class InvalidArgumentError(WebDriverError):
    """The body of the request is not what the endpoint takes."""

    code = "invalid argument"
    status = HTTPStatus.BAD_REQUEST


class InvalidSelectorError(WebDriverError):
    """The selector cannot be parsed or is not supported."""

    code = "invalid selector"
    status = HTTPStatus.BAD_REQUEST


class InvalidSessionIdError(WebDriverError):
    """The session is not, or no longer, the running one."""

    code = "invalid session id"
    status = HTTPStatus.NOT_FOUND


class NoAlertError(WebDriverError):
    """No alert is open: the apps of this device have none."""

    code = "no such alert"
    status = HTTPStatus.NOT_FOUND


class NoSuchElementError(WebDriverError):
    """No view matches."""

    code = "no such element"
    status = HTTPStatus.NOT_FOUND


class StaleElementError(WebDriverError):
    """The view was there and is not shown any more."""

    code = "stale element reference"
    status = HTTPStatus.NOT_FOUND


class UnknownCommandError(WebDriverError):
    """The server has no such endpoint."""

    code = "unknown command"
    status = HTTPStatus.NOT_FOUND
