"""Take in submissions that came at the same time, all in one go: much cheaper than one by one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgjob.core.policy import SHIPPED, Rule
from qgjob.service.idempotency import Answered, Keyed, keep, remembered
from qgjob.service.jobs.making import NewRun
from qgjob.service.submit import Refusal, Submitted, submit_each
from qgjob.store import Transaction

Outcome = Answered | Refusal


@dataclass(frozen=True, kw_only=True)
class Push:
    """What somebody submits. `keyed`: it may be sent again. `show` makes its answer."""

    run: NewRun
    keyed: Keyed | None
    show: Callable[[Submitted], str]


def take_in(tx: Transaction, pushes: Sequence[Push], rule: Rule = SHIPPED) -> list[Outcome]:
    """Submit what was not answered before, and say what became of each, in their order; a refused one harms no other.

    No two of them have the same key. Raises Overtaken when one of them was answered elsewhere meanwhile: nothing is
    stored then.
    """
    known = iter(remembered(tx, [push.keyed for push in pushes if push.keyed is not None]))
    outcomes: list[Outcome | None] = [None if push.keyed is None else next(known) for push in pushes]
    fresh = [place for place, outcome in enumerate(outcomes) if outcome is None]
    answers: list[tuple[Keyed, str]] = []
    for place, submitted in zip(fresh, submit_each(tx, [pushes[place].run for place in fresh], rule), strict=True):
        if isinstance(submitted, Refusal):
            outcomes[place] = submitted
            continue
        answer, keyed = pushes[place].show(submitted), pushes[place].keyed
        outcomes[place] = Answered(answer=answer, again=False)
        if keyed is not None:
            answers.append((keyed, answer))
    keep(tx, answers)
    return [outcome for outcome in outcomes if outcome is not None]
