"""What a decision costs is measured on a farm that has work for those who decide."""

from bench.policy.decisions import ROUNDS, Size, cost_ms


def test_every_round_of_decisions_has_its_cost() -> None:
    costs = cost_ms(Size(jobs=60, groups=30), decisions=5)

    assert len(costs) == ROUNDS
    assert all(cost > 0 for cost in costs)
