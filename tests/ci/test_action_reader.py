"""The stand-in for GitHub's runner reads outputs, expressions and commands as the runner does."""

from pathlib import Path

from tests.ci.action import ActionRun, Ended, Job, Scope, _obeyed, _outputs, github_environment

NO_ACTION = """
inputs:
  word: {default: "${{ github.token }}"}
outputs:
  said: {value: "${{ steps.second.outputs.said || steps.first.outputs.said }}"}
runs:
  using: composite
  steps:
    - id: first
      shell: bash
      run: 'printf "said=%s\\n" "$WORD" >>"$GITHUB_OUTPUT"; exit 3'
      env: {WORD: "${{ inputs.word }}"}
    - {id: second, shell: bash, run: "exit 0", env: {}}
    - {id: third, if: "always() && steps.first.outcome == 'failure'", shell: bash, run: "pwd", env: {}}
    - {id: fourth, if: cancelled(), shell: bash, run: "exit 0", env: {}}
"""


def test_steps_run_in_order_as_their_conditions_say(tmp_path: Path) -> None:
    (tmp_path / "action.yml").write_text(NO_ACTION, encoding="utf-8")
    job = Job(environment=github_environment(), workspace=tmp_path, temp=tmp_path, action=tmp_path)

    run = job.use_action({"word": "$(touch x); `touch x`"})

    assert {name: step.outcome for name, step in run.steps.items()} == {
        "first": "failure",
        "second": "skipped",
        "third": "success",
        "fourth": "skipped",
    }
    assert (run.code, run.outputs) == (3, {"said": "$(touch x); `touch x`"})
    assert run.steps["third"].log == f"{tmp_path}\n"
    assert not (tmp_path / "x").exists()


def test_outputs_have_two_forms() -> None:
    assert _outputs("a=1=2\nb<<end\nx\ny=z\nend\n") == {"a": "1=2", "b": "x\ny=z"}


def test_commands_count_until_they_are_stopped() -> None:
    assert _obeyed("x\n ::error::a\n##[warning]b\nsays ::error::c\n::stop-commands::k\n::error::d\n") == [
        "::error::a",
        "##[warning]b",
    ]


def test_a_value_is_the_first_that_is_not_empty() -> None:
    run = ActionRun(steps={"ready": Ended(outcome="failure", outputs={"status": "no"})})
    scope = Scope(known={}, run=run)

    assert scope.filled("${{ steps.publish.outputs.status || steps.ready.outputs.status }}") == "no"
