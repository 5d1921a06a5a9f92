"""Worker classes: devices that are alike, so that what one of them took says something of the others."""

from dataclasses import dataclass
from functools import lru_cache

from qgjob.core.words import Platform, Target

ANY_PLATFORM = "any"


@dataclass(frozen=True, kw_only=True)
class WorkerClass:
    """Target, platform and model of a device, as which it ran something. `platform` None: nobody said which.

    A protocol-1 worker says neither platform nor model; the platform is then that of the work, where that has one.
    """

    target: Target
    platform: Platform | None
    model: str

    @property
    def key(self) -> str:
        """The class as one text: equal texts, equal classes."""
        return f"{self.target}/{platform_key(self.platform)}/{self.model}"


def platform_key(platform: Platform | None) -> str:
    """Name a platform, or that it is not known."""
    return ANY_PLATFORM if platform is None else platform.value


def platform_of_key(key: str) -> Platform | None:
    """Read what `platform_key` wrote."""
    return None if key == ANY_PLATFORM else Platform(key)


@lru_cache(maxsize=1024)
def class_of_key(key: str) -> WorkerClass | None:
    """Read what `WorkerClass.key` wrote; None: a lease of before classes were kept."""
    if not key:
        return None
    target, platform, model = key.split("/", 2)
    return WorkerClass(target=Target(target), platform=platform_of_key(platform), model=model)
