"""Sums over rounds."""

from bench.spread import Spread, percentile, ratios, spread


def test_a_spread_is_the_median_with_the_least_and_the_greatest() -> None:
    assert spread([3.0, 1.0, 8.0]) == Spread(median=3.0, least=1.0, greatest=8.0)


def test_a_ratio_is_of_two_measurements_of_one_round() -> None:
    assert ratios([10.0, 20.0, 30.0], [10.0, 40.0, 20.0]) == Spread(median=1.0, least=0.5, greatest=1.5)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]

    assert [percentile(values, 50), percentile(values, 99), percentile(values, 100)] == [50.0, 99.0, 100.0]


def test_of_one_value_every_percentile_is_that_value() -> None:
    assert percentile([7.0], 1) == 7.0
