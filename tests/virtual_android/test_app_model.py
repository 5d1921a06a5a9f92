"""Models are checked once, at the start; what is wrong is named with its place."""

import json
from pathlib import Path

import pytest

from virtual_android.app.reading import ModelError, load_models

BUTTON = {"class": "android.widget.Button"}


def write(folder: Path, model: object, name: str = "app.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(model))
    return file


def app(*elements: object, start: object = "home") -> dict[str, object]:
    return {"com.example.app": {"start": start, "screens": {"home": {"elements": list(elements)}}}}


def test_the_shops_model_is_accepted() -> None:
    models = load_models([Path(__file__).parents[2] / "examples" / "shop" / "app-model.json"])

    assert list(models) == ["com.example.shop"]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ([], "must be an object"),
        ({"a": {"screens": {}}}, "must hold 1 to 200 screens"),
        ({"a": {"start": "x", "screens": {"home": {"elements": []}}}}, "names the screen 'x'; there are home"),
        (app(start=[]), "must end with the name of a screen"),
        (app(start=[{"if": {"stored": "x"}, "then": "home"}]), "must end with the name of a screen"),
        (app({}), "home → elements[0]: needs 'class'"),
        (app({"class": "<script>"}), "give one such as android.widget.Button"),
        (app({"class": "android.widget.EditText"}), "is an EditText and needs an 'id'"),
        (app({**BUTTON, "enabled": "yes"}), 'must be true or false, not "yes"'),
        (app({**BUTTON, "colour": "red"}), "does not know 'colour'"),
        (app({**BUTTON, "onclick": [{"go": "home"}]}), "is no rule; a rule has one of goto, if, store"),
        (app({**BUTTON, "onclick": [{"goto": "away"}]}), "names the screen 'away'"),
        (app({**BUTTON, "onclick": [{"store": "x"}]}), "needs either 'value' or 'from'"),
        (app({**BUTTON, "onclick": [{"crash": False}]}), "takes only true"),
        (app({**BUTTON, "onclick": [{"if": {}, "then": []}]}), "needs 'field', 'stored' or 'version'"),
        (app(*[BUTTON] * 41), "holds 41 entries; at most 40 are allowed"),
    ],
)
def test_a_wrong_model_is_refused_with_the_place_and_the_reason(tmp_path: Path, model: object, said: str) -> None:
    file = write(tmp_path, model)

    with pytest.raises(ModelError) as refused:
        load_models([file])

    assert str(refused.value).startswith(str(file))
    assert said in str(refused.value)


def test_conditions_cannot_be_nested_without_end(tmp_path: Path) -> None:
    rules: list[object] = []
    for _ in range(20):
        rules = [{"if": {"stored": "x"}, "then": rules}]

    with pytest.raises(ModelError, match="nests conditions deeper than 8"):
        load_models([write(tmp_path, app({**BUTTON, "onclick": rules}))])


def test_one_package_has_one_model(tmp_path: Path) -> None:
    files = [write(tmp_path, app(), "one.json"), write(tmp_path, app(), "two.json")]

    with pytest.raises(ModelError, match=r"two\.json: the package com.example.app has a model already"):
        load_models(files)


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text("{")

    with pytest.raises(ModelError, match=r"broken\.json: not readable as JSON"):
        load_models([file])
