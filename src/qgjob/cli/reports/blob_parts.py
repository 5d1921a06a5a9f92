"""Parts of a blob in the shapes that Playwright reads: anything else would end its merging, and is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
"""An object that Playwright wrote, and will read again: most of it passes through unread."""
_LATEST_MS = 8.64e15
"""The last moment that JavaScript has."""


@dataclass(kw_only=True)
class Steps:
    """The steps of a result that have begun: an end without a begin is none."""

    begun: set[str] = field(default_factory=set)

    def sound(self, method: str, params: Json) -> Json | None:
        """Pick what is used of a step or of output; None: it cannot be told again."""
        if method == "onStdIO":
            return _output(params)
        step = params.get("step")
        if not isinstance(step, dict) or not isinstance(step.get("id"), str):
            return None
        if method == "onStepEnd":
            return {"step": _step_end(step)} if step["id"] in self.begun else None
        self.begun.add(step["id"])
        return {"step": _step_begin(step)}


def _output(params: Json) -> Json | None:
    if params.get("type") not in {"stdout", "stderr"} or not isinstance(params.get("data"), str):
        return None
    return {"type": params["type"], "data": params["data"], "isBase64": params.get("isBase64") is True}


def _step_begin(step: Json) -> Json:
    return {
        "id": step["id"],
        **({"parentStepId": step["parentStepId"]} if isinstance(step.get("parentStepId"), str) else {}),
        "title": str(step.get("title", "")),
        "category": str(step.get("category", "")),
        "startTime": sound_moment(step.get("startTime")),
        **_place(step),
    }


def _step_end(step: Json) -> Json:
    attached = step.get("attachments")
    return {
        "id": step["id"],
        "duration": _number(step.get("duration")),
        **({"error": step["error"]} if _is_error(step.get("error")) else {}),
        "attachments": [place for place in attached if isinstance(place, int)] if isinstance(attached, list) else [],
        "annotations": _annotations(step.get("annotations")),
    }


def sound_entry(entry: Json) -> Json:
    """Pick what is used of a test as its project lists it."""
    tags = entry.get("tags")
    return {
        "title": str(entry["title"]),
        "tags": [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        "annotations": _annotations(entry.get("annotations")),
        **_place(entry),
    }


def sound_end(result: Json, test: Json) -> Json:
    """Pick what is used of the end of a result; before Playwright 1.50 the annotations are the test's."""
    errors = result.get("errors")
    return {
        "duration": _number(result.get("duration")),
        "errors": [error for error in errors if _is_error(error)] if isinstance(errors, list) else [],
        "annotations": _annotations(result.get("annotations") or test.get("annotations")),
    }


def sound_attachments(attachments: object) -> list[Json]:
    """Pick the attachments that have a name and a type, each with no more than is read of them."""
    listed = attachments if isinstance(attachments, list) else []
    return [
        {key: each[key] for key in ("name", "contentType", "path", "base64") if isinstance(each.get(key), str)}
        for each in listed
        if isinstance(each, dict) and isinstance(each.get("name"), str) and isinstance(each.get("contentType"), str)
    ]


def sound_moment(at: object) -> float:
    """Return a moment in milliseconds since 1970; 0 for what is none."""
    moment = _number(at)
    return moment if 0 <= moment <= _LATEST_MS else 0


def _annotations(annotations: object) -> list[Json]:
    listed = annotations if isinstance(annotations, list) else []
    return [
        {"type": each["type"], "description": str(each.get("description") or ""), **_place(each)}
        for each in listed
        if isinstance(each, dict) and isinstance(each.get("type"), str)
    ]


def _is_error(error: object) -> bool:
    texts = ("message", "stack", "snippet", "value")
    return (
        isinstance(error, dict)
        and all(isinstance(error.get(key, ""), str) for key in texts)
        and ("location" not in error or bool(_place(error)))
    )


def _place(part: Json) -> Json:
    location = part.get("location")
    if not isinstance(location, dict) or not isinstance(location.get("file"), str):
        return {}
    lines = {key: round(_number(location.get(key))) for key in ("line", "column")}
    return {"location": {"file": location["file"], **lines}}


def _number(value: object) -> float:
    return value if isinstance(value, int | float) and abs(value) <= _LATEST_MS else 0
