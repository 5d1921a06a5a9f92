from datetime import timedelta

import pytest

from qgjob.core.errors import ConfigurationError
from qgjob.core.policy import WarmSplit
from qgjob.sim.baselines import policy_named


def test_settings_replace_those_of_the_rule_lengths_of_time_in_seconds() -> None:
    rule = policy_named("warmsplit", {"theta": "3", "urgent_lane": "60"}).rule

    assert rule == WarmSplit(theta=3, urgent_lane=timedelta(seconds=60))


def test_a_setting_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match="no setting 'tetha'; it has theta, strong"):
        policy_named("warmsplit", {"tetha": "3"})


def test_only_a_number_sets_something_and_only_of_warmsplit() -> None:
    with pytest.raises(ConfigurationError, match="theta=much: give a number"):
        policy_named("warmsplit", {"theta": "much"})
    with pytest.raises(ConfigurationError, match="fifo has nothing to be set"):
        policy_named("fifo", {"theta": "3"})
