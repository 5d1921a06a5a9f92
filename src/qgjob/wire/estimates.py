"""What was learnt of how long things take, on the wire."""

from typing_extensions import TypedDict


class EstimateOfTest(TypedDict):
    """How long a test takes on a target and platform; null: on devices that do not say theirs."""

    org_id: str
    test_path: str
    target: str
    platform: str | None
    seconds: float
    samples: int


class EstimatesOfTests(TypedDict):
    """`GET /estimates/tests`."""

    count: int
    tests: list[EstimateOfTest]
    next_cursor: str | None


class EstimateOfInstall(TypedDict):
    """How long a package takes to install on devices of one target, platform and model."""

    org_id: str
    package: str
    target: str
    platform: str | None
    model: str
    seconds: float
    samples: int


class EstimatesOfInstalls(TypedDict):
    """`GET /estimates/installs`."""

    count: int
    installs: list[EstimateOfInstall]
    next_cursor: str | None
