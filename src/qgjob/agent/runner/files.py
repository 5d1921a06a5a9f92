"""The names of what a run leaves in its folder: its evidence, and the little it needs itself."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class RunFiles:
    """Where everything of one run is; the folder is its own and starts empty."""

    folder: Path

    @property
    def config(self) -> Path:
        """The config of the run: .mjs, which can import a config of any kind."""
        return self.folder / "run.config.mjs"

    @property
    def events(self) -> Path:
        """One JSON line per event, which `reader` reads."""
        return self.folder / "events.jsonl"

    @property
    def output(self) -> Path:
        """What the process printed."""
        return self.folder / "output.txt"

    @property
    def report(self) -> Path:
        """Playwright's json report."""
        return self.folder / "report.json"

    @property
    def blob(self) -> Path:
        """The folder of Playwright's blob report, from which any other report can be made."""
        return self.folder / "blob"

    @property
    def results(self) -> Path:
        """Playwright's output folder: traces and what tests attach."""
        return self.folder / "results"
