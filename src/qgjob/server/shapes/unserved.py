"""Jobs that nobody can serve now, as shown to whoever submitted them."""

from typing import assert_never

from qgjob.core.unmet import Away, Unmet
from qgjob.service.submit import UnservedJobs
from qgjob.wire.jobs import UnservedShown


def unserved_shown(unserved: UnservedJobs) -> UnservedShown:
    """Show why, as a sentence and as data."""
    why = unserved.why
    match why:
        case Unmet():
            found, workers = list(why.found), {}
        case Away():
            found, workers = [], {availability.value: count for availability, count in why.workers.items()}
        case _:
            assert_never(why)
    return UnservedShown(reason=why.code, message=why.sentence, found=found, workers=workers, jobs=unserved.jobs)
