"""What a bundle may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qgjob.core.bundle import MOST_FILES, MOST_UNPACKED_BYTES, BundleEntry, check_entries, inside
from qgjob.core.errors import InvalidRequest, TooLarge


def entries(*paths: str) -> list[BundleEntry]:
    return [BundleEntry(path=path, size_bytes=1) for path in paths]


def test_the_files_of_a_bundle_are_listed_in_order() -> None:
    assert check_entries(entries("tests/b.spec.js", "package.json", "tests/a.spec.js")) == (
        "package.json",
        "tests/a.spec.js",
        "tests/b.spec.js",
    )


def test_a_bundle_without_a_package_json_at_its_root_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"no package.json at its root"):
        check_entries(entries("shop/package.json", "shop/tests/a.spec.js"))


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "C:/x", "a\\b", "a//b", "./a", "a/", "", "a\0b", "a/./b", "x" * 1001]
)
def test_a_path_that_could_land_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(InvalidRequest):
        check_entries(entries("ok.js", path))


@pytest.mark.parametrize("name", ["x" * 256, "é" * 128])
def test_a_name_that_no_disk_takes_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="more than 255 bytes"):
        check_entries(entries("package.json", f"tests/{name}/a.js"))


def test_a_link_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"'link.js' is no plain file"):
        check_entries([BundleEntry(path="link.js", size_bytes=1, plain=False)])


def test_a_path_that_comes_twice_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"'a.js' comes twice"):
        check_entries(entries("a.js", "a.js"))


def test_an_empty_bundle_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="empty"):
        check_entries([])


def test_more_files_or_bytes_than_the_bounds_are_refused() -> None:
    with pytest.raises(TooLarge):
        check_entries(entries(*(f"{number}.js" for number in range(MOST_FILES + 1))))
    with pytest.raises(TooLarge):
        check_entries([BundleEntry(path="a.js", size_bytes=MOST_UNPACKED_BYTES + 1)])


@pytest.mark.parametrize(
    ("path", "shortest"),
    [("./tests/a.js", "tests/a.js"), ("tests//a.js", "tests/a.js"), ("../a.js", None), ("/a.js", None), (".", None)],
)
def test_a_path_is_brought_to_its_shortest_form_or_leads_outside(path: str, shortest: str | None) -> None:
    assert inside(path) == shortest


@given(path=st.text(alphabet="ab./\\: ", max_size=12))
def test_what_is_inside_stays_inside(path: str) -> None:
    shortest = inside(path)

    if shortest is not None:
        assert not shortest.startswith("/")
        assert not {"..", ".", ""} & set(shortest.split("/"))
        assert inside(shortest) == shortest
