"""Counts, per package, of what the device itself did: what a farm claims about installs is checked against these."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Counters:
    """Counted since the process started; a reboot keeps them, and nothing can set them back."""

    installs: Counter[str] = field(default_factory=Counter)
    refused_installs: Counter[str] = field(default_factory=Counter)
    uninstalls: Counter[str] = field(default_factory=Counter)
    clears: Counter[str] = field(default_factory=Counter)
    sessions: Counter[str] = field(default_factory=Counter)
    """UiAutomator2 sessions, by the app that each was for (the one in front when its capabilities name none)."""

    def as_json(self) -> dict[str, dict[str, int]]:
        """Give the counts as `virtual counters` prints them."""
        return {
            "installs": dict(self.installs),
            "refused_installs": dict(self.refused_installs),
            "uninstalls": dict(self.uninstalls),
            "clears": dict(self.clears),
            "sessions": dict(self.sessions),
        }
