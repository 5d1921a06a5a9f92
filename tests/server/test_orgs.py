import httpx2
import pytest

from tests.server.farm import a_job, get, post

pytestmark = pytest.mark.anyio


async def test_orgs_are_listed_with_their_weights_and_what_they_have_outstanding(api: httpx2.AsyncClient) -> None:
    """Unknown tests count as a minute each."""
    await api.put("/orgs/heavy", json={"weight": 2.5})
    for path in ("a.spec.js", "b.spec.js"):
        await post(api, "/jobs", a_job(test_path=path))
    await post(api, "/jobs", a_job(target="device"))
    answer = await get(api, "/orgs")
    acme, heavy = answer["orgs"]

    assert (answer["count"], answer["next_cursor"]) == (2, None)
    assert (acme["org_id"], acme["weight"]) == ("acme", 1.0)
    assert [(each["jobs"], each["work_s"]) for each in acme["backlog"]] == [(1, 60.0), (2, 120.0)]
    assert [each["requirement"].split("/")[0] for each in acme["backlog"]] == ["device", "emulator"]
    assert heavy == {"org_id": "heavy", "weight": 2.5, "backlog": []}


async def test_orgs_come_in_pages(api: httpx2.AsyncClient) -> None:
    for org in ("c", "a", "b"):
        await api.put(f"/orgs/{org}", json={"weight": 1})
    first = await get(api, "/orgs?limit=2")
    second = await get(api, f"/orgs?limit=2&cursor={first['next_cursor']}")

    assert [org["org_id"] for org in (*first["orgs"], *second["orgs"])] == ["a", "b", "c"]
    assert second["next_cursor"] is None


async def test_a_weight_that_is_given_again_replaces_the_first(api: httpx2.AsyncClient) -> None:
    await api.put("/orgs/acme", json={"weight": 3})
    answer = await api.put("/orgs/acme", json={"weight": 0.5})

    assert (answer.status_code, answer.json()) == (200, {"org_id": "acme", "weight": 0.5, "backlog": []})


@pytest.mark.parametrize("weight", [0, -1, 101, "2", None])
async def test_a_weight_out_of_bounds_is_refused(api: httpx2.AsyncClient, weight: object) -> None:
    answer = await api.put("/orgs/acme", json={"weight": weight})

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "weight"
    assert (await get(api, "/orgs"))["orgs"] == []
