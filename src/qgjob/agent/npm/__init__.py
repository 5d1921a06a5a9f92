"""Node and npm of this host: are they new enough, and whose problem is it when an installation fails."""

from qgjob.agent.npm.node import Node, find_node, npm_ci

__all__ = ["Node", "find_node", "npm_ci"]
