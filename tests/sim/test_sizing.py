import pytest

from qgjob.core.errors import ConfigurationError
from qgjob.sim.sizing import name_of, on_workers, sizes_of
from tests.sim.traces import a_job, a_trace, a_worker

TRACE = a_trace(
    [a_job("a", requirement="any")],
    workers=[a_worker("e1", "android/emulator"), a_worker("d1", "android/device")],
    requirements={"any": frozenset({"android/emulator", "android/device"})},
)


def test_numbers_of_several_classes_are_one_size() -> None:
    assert sizes_of("emulator=12,device=4") == ({"emulator": 12, "device": 4},)


def test_a_range_is_a_size_for_each_of_its_numbers() -> None:
    assert [name_of(size) for size in sizes_of("emulator=2..4,device=1")] == [
        "emulator=2,device=1",
        "emulator=3,device=1",
        "emulator=4,device=1",
    ]


@pytest.mark.parametrize("text", ["emulator", "emulator=x", "a=1..3,b=1..3", "a=3..1", "a=1..99"])
def test_what_says_no_size_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        sizes_of(text)


def test_a_class_may_be_named_by_a_part_of_its_name() -> None:
    assert on_workers(TRACE, {"emulator": 3, "device": 0}).classes == {"android/emulator": 3}


def test_a_name_of_no_class_or_of_several_is_refused() -> None:
    for name in ("ios", "android"):
        with pytest.raises(ConfigurationError, match="it has android/device, android/emulator"):
            on_workers(TRACE, {name: 1})
