"""Filing conditions through the API: in a report, corrected by an act, listed with the tree."""

from tests.api.conftest import AsWhom, a_body

REFUSE = "0401"


def test_the_api_takes_tells_and_corrects_it(as_whom: AsWhom) -> None:
    client = as_whom("leader-a1")
    body = a_body(category=REFUSE, condition="dump")
    number = client.post("/api/v1/incidents", json=body).json["id"]
    address = f"/api/v1/incidents/{number}"
    assert client.get(address).json["condition"] == "dump"
    refused = client.post(f"{address}/condition", json={"condition": "heap"})
    assert (refused.status_code, refused.json["code"]) == (409, "condition-not-here")
    assert client.post(f"{address}/condition", json={"condition": "loose"}).status_code == 200
    tree = client.get("/api/v1/categories").json["categories"]
    named = next(one["conditions"] for one in tree if one["code"] == REFUSE)
    assert [(one["code"], one["resolve"]) for one in named] == [("loose", "4wh"), ("dump", "1wd")]
