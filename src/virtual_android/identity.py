"""What the device says it is; refuses every name that could be taken for a real device."""

from dataclasses import dataclass

NAME_PREFIX = "Virtual Android"


class IdentityError(Exception):
    """The device was asked to be something that it must not claim to be."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Name and Android version of the device."""

    name: str
    release: str
    sdk: int

    def __post_init__(self) -> None:
        if not self.name.startswith(NAME_PREFIX) or not self.name.isprintable() or set(self.name) & set(";=[]"):
            raise IdentityError(
                f"the name {self.name!r} is refused: a virtual device never passes for a real one, so its name begins "
                f"with {NAME_PREFIX!r} and has no ; = [ ] or control characters"
            )

    @property
    def banner(self) -> str:
        """What adb is told at the connection: without `abb` it installs through plain shell services."""
        code_name = self._code_name
        return (
            f"device::ro.product.name={code_name};ro.product.model={self.name};ro.product.device={code_name};"
            "features=shell_v2,cmd"
        )

    def properties(self) -> dict[str, str]:
        """Give what `getprop` shows after the start of the device."""
        return {
            "dev.bootcomplete": "1",
            "init.svc.bootanim": "stopped",
            "persist.sys.locale": "en-US",
            "persist.sys.timezone": "UTC",
            "ro.build.characteristics": "emulator",
            "ro.build.type": "userdebug",
            "ro.build.version.preview_sdk": "0",
            "ro.build.version.release": self.release,
            "ro.build.version.sdk": str(self.sdk),
            "ro.debuggable": "1",
            "ro.kernel.qemu": "1",
            "ro.product.brand": "virtual",
            "ro.product.cpu.abi": "x86_64",
            "ro.product.cpu.abilist": "x86_64",
            "ro.product.device": self._code_name,
            "ro.product.locale": "en-US",
            "ro.product.manufacturer": "Virtual",
            "ro.product.model": self.name,
            "ro.product.name": self._code_name,
            "ro.serialno": self._code_name,
            "sys.boot_completed": "1",
        }

    @property
    def _code_name(self) -> str:
        return self.name.lower().replace(" ", "_")
