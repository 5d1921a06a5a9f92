"""Appwright projects: checked, unpacked from their bundles, their npm packages installed once per lockfile."""

from qgjob.agent.project.check import Project, check_installed, check_project
from qgjob.agent.project.prepare import prepare_project

__all__ = ["Project", "check_installed", "check_project", "prepare_project"]
