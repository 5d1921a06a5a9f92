"""docs/ci.md says what the action takes and gives."""

import yaml

from docs.generate import DOCS

PAGE = (DOCS / "ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((DOCS.parent / "action.yml").read_text(encoding="utf-8"))


def test_every_input_and_output_of_the_action_is_in_a_table() -> None:
    cells = " ".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))

    assert [name for name in (*ACTION["inputs"], *ACTION["outputs"]) if f"`{name}`" not in cells] == []


def test_every_input_reaches_a_step() -> None:
    used = str(ACTION["runs"])

    assert [name for name in ACTION["inputs"] if f"inputs.{name} " not in used] == []
