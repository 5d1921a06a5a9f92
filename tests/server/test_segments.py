import pytest

from qgjob.server.segments import Segment


@pytest.mark.parametrize(
    ("sent", "meant"), [("v1.0.0", "v1.0.0"), ("feature%2Flogin", "feature/login"), ("%C3%BC", "ü"), ("%252F", "%2F")]
)
def test_a_segment_is_decoded_once(sent: str, meant: str) -> None:
    assert Segment().convert(sent) == meant
