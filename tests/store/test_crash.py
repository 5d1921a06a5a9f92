"""What was answered outlives a crash."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from qgjob.core.words import JobId
from qgjob.service import ask
from qgjob.service.ask import JobFilter
from qgjob.store import Store

SUBMIT_FOR_EVER = """
import sys
from functools import partial
from pathlib import Path
from threading import Thread
from qgjob.core.job import JobRequest
from qgjob.service.submit import submit
from qgjob.store import Store

store = Store.open(Path(sys.argv[1]))

def keep_submitting(org):
    while True:
        requests = [JobRequest(org_id=org, app_version_id="v1", test_path=f"{n}.js") for n in range(3)]
        submitted = store.write(partial(submit, requests=requests)).result()
        sys.stdout.write("".join(f"{job_id}\\n" for job_id in submitted.job_ids))
        sys.stdout.flush()

for number in range(8):
    Thread(target=keep_submitting, args=(f"org-{number}",)).start()
"""


def test_each_job_that_was_acknowledged_is_there_after_kill_9(path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", SUBMIT_FOR_EVER, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    acknowledged = [child.stdout.readline() for _ in range(300)]
    child.kill()
    rest, _ = child.communicate(timeout=20)
    acknowledged += rest.splitlines(keepends=True)
    whole_lines = {JobId(line.strip()) for line in acknowledged if line.endswith("\n")}

    store = Store.open(path)
    stored: set[JobId] = set()
    cursor: str | None = None
    while True:
        page = store.read(partial(ask.jobs, filters=JobFilter(), limit=500, cursor=cursor)).result(20)
        stored |= {job.job_id for job in page.items}
        cursor = page.next_cursor
        if cursor is None:
            break
    stats = store.read(ask.stats).result(20)
    store.close()

    assert len(whole_lines) >= 300
    assert whole_lines <= stored
    assert len(stored) % 3 == 0, "a run is stored whole or not at all"
    assert sum(stats.jobs.values()) == len(stored)
