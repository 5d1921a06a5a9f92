"""Whose problem a failed npm is, told from what it printed: the project's, this host's, or nobody knows."""

import re

from qgjob.agent.host_trouble import HostTrouble
from qgjob.core.errors import ConfigurationError, InfrastructureError, QgjobError

_MOST_LINES = 6
_NETWORK = re.compile(
    r"EAI_AGAIN|ENOTFOUND|ECONN\w+|EPIPE|E\w*TIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH|E5\d\d|E429"
    r"|\w*CERT\w*|UNABLE_TO_\w+|EPROTO|FETCH_ERROR"
)
_HOST = re.compile(r"ENOSPC|EDQUOT|EROFS|EACCES|EPERM|EMFILE|ENFILE|ENOMEM|EIO")
_PROJECT = re.compile(
    r"EUSAGE|ETARGET|E40[0134]|EINTEGRITY|ERESOLVE|EJSONPARSE|EBADPLATFORM|EBADENGINE|EBADDEVENGINES|EOVERRIDE"
    r"|EINVALID\w+|EUNSUPPORTEDPROTOCOL|ENOENT|ENOTDIR|EDUPLICATEWORKSPACE|ENOWORKSPACES|ELSPROBLEMS|ENOLOCK"
)


def npm_error(output: str, *, code: int, what: str, own_registry: bool) -> QgjobError:
    """Return the error that a failed npm amounts to. `own_registry`: the packages come from hosts the project names."""
    lines = _said(output)
    reason = next((line.removeprefix("code ") for line in lines if line.startswith("code ")), "")
    said = " / ".join(line for line in lines if not line.startswith(("code ", "errno ", "syscall "))) or output[-500:]
    failed = f"npm ci failed for {what} ({reason or f'exit code {code}'}): {said.strip().rstrip('.')}."
    if _PROJECT.fullmatch(reason):
        return ConfigurationError(f"{failed} Make `npm ci` work in the project's own folder, and submit it again.")
    if _HOST.fullmatch(reason) or (_NETWORK.fullmatch(reason) and not own_registry):
        return HostTrouble(f"{failed} The network, the registry or the disk of this host needs care.")
    if _NETWORK.fullmatch(reason):
        return InfrastructureError(f"{failed} The project's own registry cannot be used from this host.")
    return InfrastructureError(failed)


def _said(output: str) -> list[str]:
    """Return the first lines of npm's error, without its prefix (`npm error`, before npm 10 `npm ERR!`)."""
    lines = re.findall(r"^npm (?:error|ERR!)[ \t]+(.*\S)", output, re.MULTILINE)
    told = [line for line in lines if not line.startswith(("at ", "A complete log", "    "))]
    return told[:_MOST_LINES]
