"""Processes and what is in front: starts and stops apps as the activity manager does."""

from collections.abc import Mapping
from dataclasses import dataclass

from virtual_android.app.model import AppModel
from virtual_android.app.running import RunningApp
from virtual_android.packages import InstalledPackage, Packages

LAUNCHER_PACKAGE = "com.android.launcher3"
LAUNCHER_ACTIVITY = "com.android.launcher3.Launcher"
FIRST_PID = 1_000


@dataclass(frozen=True, kw_only=True)
class Foreground:
    """The activity that is shown; `app` is None when the package has no model (or is the launcher)."""

    package: str
    activity: str
    app: RunningApp | None = None


HOME = Foreground(package=LAUNCHER_PACKAGE, activity=LAUNCHER_ACTIVITY)


class Activities:
    """Which packages have a process, and the one activity in front."""

    def __init__(self, packages: Packages, models: Mapping[str, AppModel]) -> None:
        self._packages = packages
        self._models = models
        self._last_pid = FIRST_PID
        self._pids: dict[str, int] = {}
        self._paused: dict[str, Foreground] = {}
        self.foreground = HOME

    @property
    def pids(self) -> Mapping[str, int]:
        """Process ids by package."""
        return self._pids

    def start_process(self, package: str) -> bool:
        """Give the package a process; False when it had one."""
        if package in self._pids:
            return False
        self._last_pid += 1
        self._pids[package] = self._last_pid
        return True

    def show(self, package: InstalledPackage, activity: str) -> bool:
        """Bring an activity to the front; a running app is shown as it was left. True for a cold start."""
        name = package.manifest.package
        is_cold = self.start_process(name)
        before = self.foreground if self.foreground.package == name else self._paused.get(name)
        app = before.app if before and not is_cold else self._new_app(package)
        self._pause()
        self.foreground = Foreground(package=name, activity=activity, app=app)
        return is_cold

    def show_home(self) -> None:
        """Show the launcher; the app that was in front keeps its process."""
        self._pause()
        self.foreground = HOME

    def stop(self, package: str) -> bool:
        """End the process of the package; False when it had none."""
        self._paused.pop(package, None)
        if self.foreground.package == package:
            self.foreground = HOME
        return self._pids.pop(package, None) is not None

    def stop_all(self) -> None:
        """End every process, as a reboot does."""
        for package in list(self._pids):
            self.stop(package)

    def _pause(self) -> None:
        if self.foreground is not HOME:
            self._paused[self.foreground.package] = self.foreground

    def _new_app(self, package: InstalledPackage) -> RunningApp | None:
        manifest = package.manifest
        model = self._models.get(manifest.package)
        if model is None:
            return None
        return RunningApp(model, data=self._packages.data_of(manifest.package), version=manifest.version_name)
