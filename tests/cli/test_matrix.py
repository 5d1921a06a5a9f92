import pytest

from qgjob.cli.submission.matrix import read_terms, wanted_devices
from qgjob.cli.submission.terms import WantedDevice
from qgjob.core.errors import ConfigurationError
from qgjob.core.words import Target

BASE = WantedDevice(target=Target.EMULATOR, os_version="14", tags=("lab",))


def test_values_keep_their_commas_equals_signs_and_blanks() -> None:
    assert read_terms("target=device,os_version=>=13,<15,model=Galaxy S21, 5G,tag=lab,tag=fast,on=tag:new") == (
        ("target", "device"),
        ("os_version", ">=13,<15"),
        ("model", "Galaxy S21, 5G"),
        ("tag", "lab"),
        ("tag", "fast"),
        ("on", "tag:new"),
    )
    assert read_terms("os_version=>=14") == (("os_version", ">=14"),)
    assert read_terms("os-version=14.1") == (("os_version", "14.1"),)


def test_a_comma_before_something_like_a_term_is_escaped() -> None:
    assert read_terms(r"model=X\,y=1,tag=lab") == (("model", "X,y=1"), ("tag", "lab"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is no term of a device; there are target=…, os_version=…, model=…, tag=…, on=…"),
        ("device", "is no term of a device"),
        ("os=14", "'os=14' is no term of a device"),
        ("model=Pixel 8,os=14", "'os=14' is no term of a device"),
        ("model=", "is no term of a device"),
        ("target=phone", "target=phone: it is one of emulator, device, browserstack"),
        ("os_version=>=15,<13", "no OS version is in"),
        ("model=a,model=b", "says model twice"),
    ],
)
def test_a_term_that_is_none_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        read_terms(text)


def test_every_target_and_every_matrix_is_a_set_of_its_own() -> None:
    terms = [read_terms("target=device,model=Pixel 8,tag=fast"), read_terms("os_version=>=15")]
    assert wanted_devices(BASE, [Target.EMULATOR, Target.BROWSERSTACK], terms) == [
        WantedDevice(target=Target.EMULATOR, os_version="14", tags=("lab",)),
        WantedDevice(target=Target.BROWSERSTACK, os_version="14", tags=("lab",)),
        WantedDevice(target=Target.DEVICE, os_version="14", model="Pixel 8", tags=("lab", "fast")),
        WantedDevice(target=Target.EMULATOR, os_version=">=15", tags=("lab",)),
    ]


def test_without_either_there_is_one_set() -> None:
    assert wanted_devices(BASE, [], []) == [BASE]


def test_the_same_set_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="asked for twice: target=emulator,os_version=14,tag=lab"):
        wanted_devices(BASE, [Target.EMULATOR], [read_terms("target=emulator")])
