"""What the demo submits, and what each job has to come to for the demo to be as expected."""

from dataclasses import dataclass
from pathlib import Path

from qgjob.core.words import Verdict

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "examples" / "shop"
ORG = "demo"
DEVICES = ("Virtual Android A", "Virtual Android B")
VERSIONS = {
    "v1.0.0": SHOP / "builds" / "shop-1.0.0.apk",
    "v1.2.3": SHOP / "builds" / "shop-1.2.3.apk",
    "v2.0.0": SHOP / "builds" / "shop-2.0.0.apk",
}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One call of `qgjob submit`: spec files of the shop against one version, and the verdict that each should get."""

    app_version_id: str
    specs: tuple[str, ...]
    expected: Verdict
    retries: int = 0


SUBMISSIONS = (
    Submission(app_version_id="v1.0.0", specs=("onboarding", "smoke"), expected=Verdict.PASSED),
    Submission(app_version_id="v1.2.3", specs=("login", "checkout"), expected=Verdict.PASSED),
    Submission(app_version_id="v2.0.0", specs=("smoke", "login", "checkout"), expected=Verdict.PASSED),
    Submission(app_version_id="v2.0.0", specs=("known-bug",), expected=Verdict.FAILED),
)
