"""The device: its parts together, and the few deeds that touch several of them at once.

Knows nothing of adb, HTTP or the shell: those look at it from outside.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime

from virtual_android.activity import Activities
from virtual_android.app.model import AppModel
from virtual_android.app.running import Outcome
from virtual_android.counters import Counters
from virtual_android.events import EventKind, EventLog
from virtual_android.faults import Faults, Line
from virtual_android.identity import Identity
from virtual_android.logcat import Logcat
from virtual_android.packages import InstalledPackage, InstallOptions, InstallRefusedError, Packages, parse_package
from virtual_android.storage import Storage
from virtual_android.uiautomator2.instrumentation import SERVER_PACKAGE, TEST_PACKAGE, Instrumentation

REBOOT_S = 1.0
UNKNOWN_PACKAGE = "unknown"
BYTES_PER_MB = 1_000_000


class Device:
    """One virtual device, switched on."""

    def __init__(
        self,
        identity: Identity,
        *,
        models: Mapping[str, AppModel],
        events: EventLog,
        line: Line,
        install_mb_per_s: float | None = None,
    ) -> None:
        self.identity = identity
        self.events = events
        self.counters = Counters()
        self.storage = Storage()
        self.faults = Faults(line, self.storage)
        self.packages = Packages(self.storage, device_sdk=identity.sdk)
        self.activities = Activities(self.packages, models)
        self.logcat = Logcat()
        self.properties = identity.properties()
        self.settings: dict[tuple[str, str], str] = {}
        self.instrumentation: Instrumentation | None = None
        self._instrumented = asyncio.Event()
        self.booted_at = datetime.now(UTC)
        self._install_mb_per_s = install_mb_per_s
        self._installing = asyncio.Lock()
        self.events.record(EventKind.BOOTED, name=identity.name)

    async def install(self, apk: bytes, options: InstallOptions) -> InstalledPackage:
        """Install at the modelled speed; raises InstallRefusedError, for ordered faults too."""
        name = UNKNOWN_PACKAGE
        began_at = datetime.now(UTC)
        try:
            manifest = parse_package(apk)
            name = manifest.package
            async with self._installing:
                await asyncio.sleep(self._install_seconds(len(apk)))
                self.faults.check_install()
                package = self.packages.install(manifest, apk, options)
        except InstallRefusedError as refusal:
            self.counters.refused_installs[name] += 1
            self.events.record(EventKind.INSTALL_REFUSED, package=name, reason=str(refusal))
            raise
        self.stop(manifest.package)
        self.counters.installs[manifest.package] += 1
        self.events.record(
            EventKind.INSTALLED,
            package=manifest.package,
            version_name=manifest.version_name,
            sha256=package.apk_sha256,
            size=package.apk_bytes,
            seconds=round((datetime.now(UTC) - began_at).total_seconds(), 3),
        )
        self.logcat.write("PackageManager", f"Installed {manifest.package} {manifest.version_name}")
        return package

    def uninstall(self, package: str, *, keeps_data: bool) -> bool:
        """Stop and remove a package; False when it is not there."""
        if not self.packages.uninstall(package, keeps_data=keeps_data):
            return False
        self.stop(package)
        self.counters.uninstalls[package] += 1
        self.events.record(EventKind.UNINSTALLED, package=package)
        return True

    def clear(self, package: str) -> bool:
        """Stop a package and forget its data; False when it is not there."""
        if not self.packages.clear(package):
            return False
        self.stop(package)
        self.counters.clears[package] += 1
        self.events.record(EventKind.DATA_CLEARED, package=package)
        return True

    def start(self, package: InstalledPackage, activity: str) -> bool:
        """Show an activity; True for a cold start."""
        is_cold = self.activities.show(package, activity)
        name = package.manifest.package
        self.events.record(EventKind.APP_STARTED, package=name, activity=activity, cold=is_cold)
        self.logcat.write("ActivityTaskManager", f"START u0 {name}/{activity}")
        return is_cold

    def stop(self, package: str) -> None:
        """End what runs of a package; UiAutomator2's server ends with either of its two packages."""
        if package in {SERVER_PACKAGE, TEST_PACKAGE}:
            self.end_instrumentation()
        if self.activities.stop(package):
            self.events.record(EventKind.APP_STOPPED, package=package)

    def after(self, outcome: Outcome) -> None:
        """Draw the consequence of what the user did to the app in front."""
        package = self.activities.foreground.package
        match outcome:
            case Outcome.RUNNING:
                return
            case Outcome.LEFT:
                self.activities.show_home()
            case Outcome.CRASHED:
                pid = self.activities.pids.get(package, 0)
                trace = f"FATAL EXCEPTION: main\nProcess: {package}, PID: {pid}\njava.lang.RuntimeException: crash rule"
                self.logcat.write("AndroidRuntime", trace, level="E", pid=pid)
                self.events.record(EventKind.APP_CRASHED, package=package)
                self.stop(package)

    def begin_instrumentation(self) -> Instrumentation:
        """Start UiAutomator2's server, ending the one that ran before."""
        self.end_instrumentation()
        self.instrumentation = Instrumentation()
        self._instrumented.set()
        self.activities.start_process(SERVER_PACKAGE)
        return self.instrumentation

    async def wait_for_instrumentation(self, timeout_s: float) -> Instrumentation | None:
        """Give the running UiAutomator2 server, or None when none runs within `timeout_s`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._instrumented.wait(), timeout_s)
        return self.instrumentation

    def end_instrumentation(self) -> None:
        """End UiAutomator2's server; harmless when none runs."""
        if self.instrumentation is None:
            return
        if self.instrumentation.session:
            self.events.record(EventKind.SESSION_ENDED, package=self.instrumentation.session.package)
        self.instrumentation.ended.set()
        self.instrumentation = None
        self._instrumented.clear()
        self.activities.stop(SERVER_PACKAGE)

    def reboot(self) -> None:
        """Go off the line for a moment; packages, data and files stay, processes do not."""
        self.end_instrumentation()
        self.activities.stop_all()
        self.logcat.clear()
        kept = {name: value for name, value in self.properties.items() if name.startswith("persist.")}
        self.properties = self.identity.properties() | kept
        self.booted_at = datetime.now(UTC)
        self.events.record(EventKind.BOOTED, name=self.identity.name)
        self.faults.unplug(REBOOT_S)

    def _install_seconds(self, apk_bytes: int) -> float:
        modelled = apk_bytes / BYTES_PER_MB / self._install_mb_per_s if self._install_mb_per_s else 0.0
        return modelled + self.faults.install_delay_s
