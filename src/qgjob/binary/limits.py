"""The bounds within which strangers' bytes are read; for a process that does nothing else."""

import sys

CPU_SECONDS = 20
MEMORY_BYTES = 512 * 1024 * 1024


def limit_this_process() -> None:
    """Bound this process's memory and processor time where the system can; a bomb then costs it alone."""
    if sys.platform == "win32":
        return  # no such limits there: the reader's timeout is the bound
    import resource  # noqa: PLC0415 (not on Windows)

    for kind, wanted in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        _, hard = resource.getrlimit(kind)
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            continue  # macOS does not limit the address space
