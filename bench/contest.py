"""Runs measured programs, each on a database of its own, and keeps what they said by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.broke import BenchBroke
from bench.databases import Databases, Kind
from bench.program import Measures, measures_of
from bench.table import number
from qgjob.agent.processes import Processes


@dataclass(frozen=True, kw_only=True)
class Contest:
    """`runs`: what each program said, by its name, in the order of the rounds."""

    places: Databases
    processes: Processes
    say: Callable[[str], None]
    runs: dict[str, list[Measures]] = field(default_factory=dict)

    async def on_fresh(self, kind: Kind, name: str, command: Callable[[str], Sequence[str]], *, jobs: int) -> None:
        """Run a program on an empty database, which is gone afterwards. BenchBroke when it did not do all the jobs."""
        url = self.places.fresh(kind)
        try:
            said = await self.run(name, command(url))
        finally:
            self.places.drop(url)
        if said["jobs"] < jobs:
            raise BenchBroke(f"{name} did {said['jobs']} of {jobs} jobs.")
        self.say(f"  {name:<28} {number(said['jobs'] / said['seconds'])} jobs/s")

    async def run(self, name: str, command: Sequence[str]) -> Measures:
        """Run a program and keep what it said."""
        self.places.checkpoint()
        said = await measures_of(command, name=name, processes=self.processes)
        self.runs.setdefault(name, []).append(said)
        return said
