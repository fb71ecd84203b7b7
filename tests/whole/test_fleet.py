"""The main job on the simulated fleet: what is found, who is named, who must not be, and what was sent."""

from __future__ import annotations

import json
from typing import Any

from audited_fleet import SITE, Audited, camaudit

NAMED = ("confirmed", "probable")
RESTRICTED = ("hikvision", "dahua", "huawei", "zte", "hytera")


def truth(audited: Audited) -> list[dict[str, Any]]:
    return list(audited.fleet.truth["devices"])


def test_every_device_is_found(audited: Audited) -> None:
    missing = {d["id"] for d in truth(audited) if d["address"] not in audited.by_address}
    assert missing == set()
    assert audited.report["coverage"]["answered"] == len(truth(audited))


def test_who_answers_ssdp_or_multicast_dns_is_heard_and_described(audited: Audited) -> None:
    probes = {host["address"]: host["probes"] for host in audited.report["coverage"]["hosts"]}
    address = {device["id"]: device["address"] for device in truth(audited)}
    for name in ("axis-p3245-lve", "axis-m3045-v"):
        told = probes[address[name]]
        assert {told[probe] for probe in ("ssdp", "mdns", "upnp")} == {"answered"}, (name, told)
        signs = {item["signature"] for item in audited.by_address[address[name]]["evidence"]}
        assert {"axis-upnp-manufacturer", "axis-mdns-service"} <= signs
    # No port of the player is knocked at: SSDP alone tells of it, and names the port of its description.
    player = audited.by_address[address["media-player"]]
    assert (player["kind"], player["maker"]["id"]) == ("other", None)
    assert probes[address["media-player"]]["upnp"] == "answered"


def test_every_restricted_unit_is_named(audited: Audited) -> None:
    wanted = [d for d in truth(audited) if d["restricted"] and d["identifiable"]]
    assert len(wanted) >= 50
    for device in wanted:
        maker = audited.by_address[device["address"]]["maker"]
        assert (device["id"], maker["id"]) == (device["id"], device["maker"])
        assert maker["certainty"] in NAMED, (device["id"], maker)


def test_nobody_else_is_named_as_a_restricted_maker(audited: Audited) -> None:
    for device in truth(audited):
        if not device["restricted"] and device["address"] in audited.by_address:
            maker = audited.by_address[device["address"]]["maker"]
            assert not (maker["id"] in RESTRICTED and maker["certainty"] in NAMED), (device["id"], maker)


def test_every_trap_stays_out_of_the_violations(audited: Audited) -> None:
    guilty = {f["device"] for f in audited.report["findings"] if f["verdict"] == "violation"}
    for device in truth(audited):
        seen = audited.by_address.get(device["address"])
        if device["trap"] and not device["restricted"] and seen is not None:
            assert seen["id"] not in guilty, device["id"]


def test_rebadges_are_named_with_maker_and_brand(audited: Audited) -> None:
    rebadges = [d for d in truth(audited) if d["relation"] == "oem" and d["restricted"] and d["brand"]]
    assert len(rebadges) >= 15
    wrong = {
        d["id"]: (d["brand"], seen["brand"], seen["relation"])
        for d in rebadges
        for seen in [audited.by_address[d["address"]]]
        if not seen["brand"] or (seen["brand"]["id"], seen["relation"]) != (d["brand"], "oem")
    }
    assert len(wrong) <= len(rebadges) * 0.1, wrong


def test_makers_are_right_over_all_cameras(audited: Audited) -> None:
    cameras = [d for d in truth(audited) if d["identifiable"] and d["kind"] != "other"]
    right = [d for d in cameras if audited.by_address[d["address"]]["maker"]["id"] == d["maker"]]
    assert len(right) >= 0.9 * len(cameras)


def test_what_is_stated_of_a_unit_is_true(audited: Audited) -> None:
    """A model, serial or firmware that is given at all is the unit's own (hostile ones write what they like)."""
    for device in truth(audited):
        seen = audited.by_address.get(device["address"])
        if seen is None or device["hostile"] or not device["identifiable"] or not device["restricted"]:
            continue
        for key in ("model", "serial"):
            if seen[key] is not None:
                assert (device["id"], key, seen[key]) == (device["id"], key, device[key])


def test_only_reads_were_sent_and_gently(audited: Audited) -> None:
    log = audited.fleet.requests()
    asked = [entry for entry in log if "summary" not in entry]
    assert len(asked) > 1000
    assert [entry for entry in asked if entry.get("violation")] == []
    assert not any("audio.cgi" in json.dumps(entry) or "auth=" in json.dumps(entry) for entry in asked)


def test_each_address_has_its_coverage(audited: Audited) -> None:
    coverage = audited.report["coverage"]
    assert coverage["addresses"] == 256
    counted = sum(coverage[key] for key in ("answered", "silent", "refused", "excluded", "error", "unasked"))
    assert counted == 256
    assert coverage["error"] == 0
    outcomes = {o for host in coverage["hosts"] for o in host["probes"].values()}
    assert outcomes <= {"answered", "refused", "silent", "malformed", "out_of_scope", "not_asked"}
    answered = [host for host in coverage["hosts"] if host["outcome"] == "answered"]
    assert all(host["probes"] for host in answered)


def test_nothing_out_of_scope_was_followed(audited: Audited) -> None:
    assert all(host["address"].startswith("127.77.0.") for host in audited.report["coverage"]["hosts"])


def test_every_violation_says_which_rule_whom_it_binds_and_what_to_do(audited: Audited) -> None:
    violations = [f for f in audited.report["findings"] if f["verdict"] == "violation"]
    assert violations
    assert audited.code == 1
    for finding in violations:
        assert finding["reason"]
        assert finding["remedy"]
        assert finding["citations"]
        for cited in finding["citations"]:
            assert all(cited[key] for key in ("instrument", "title", "citation", "known_as_of", "binds", "asks"))


def test_every_review_carries_its_question(audited: Audited) -> None:
    reviews = [f for f in audited.report["findings"] if f["verdict"] == "review"]
    assert reviews
    assert all(finding["question"] for finding in reviews)


def test_check_and_report_without_the_network_give_the_same_findings(audited: Audited) -> None:
    again = camaudit("report", "--store", audited.store, "--output", "again", "--site", SITE, cwd=audited.folder)
    assert again.returncode == 1
    second = json.loads((audited.folder / "again" / "report.json").read_text("utf-8"))
    for part in ("findings", "devices", "remediation", "coverage"):
        assert second[part] == audited.report[part]
    checked = camaudit("check", "--store", audited.store, "--site", SITE, cwd=audited.folder)
    assert checked.returncode == 1


def test_check_explain_says_which_answer_would_change_which_verdict(audited: Audited) -> None:
    (audited.folder / "open.yaml").write_text(
        "schema: camaudit/site@1\nname: Works\njurisdiction: US\nkind: company\n", "utf-8"
    )
    done = camaudit(
        "check", "--explain", "--store", audited.store, "--site", "open.yaml", cwd=audited.folder, columns=400
    )
    assert done.stderr == ""
    said = done.stdout.partition("Which answer would change which verdict")[2]
    contracts = said.partition("contract with the US federal government?")[2].partition('"no"')[0]
    assert '"Open" becomes "Broken"' in contracts
    assert "Who built" in said


def test_check_by_the_law_of_an_earlier_day(audited: Audited) -> None:
    """Section 889 part B bound nobody before 13 August 2020."""
    (audited.folder / "contractor.yaml").write_text(
        "schema: camaudit/site@1\nname: Works\njurisdiction: US\nkind: company\n"
        "facts:\n  holds_us_federal_contracts: true\n",
        "utf-8",
    )
    arguments = (
        "check",
        "--policy",
        "us-federal-contractor",
        "--site",
        "contractor.yaml",
        "--store",
        audited.store,
    )
    before = camaudit(*arguments, "--as-of", "2020-08-12", cwd=audited.folder)
    after = camaudit(*arguments, "--as-of", "2020-08-13", cwd=audited.folder)
    assert (before.returncode, after.returncode) == (0, 1)


def test_the_site_as_it_was_is_kept_with_the_run(audited: Audited) -> None:
    again = camaudit("report", "--store", audited.store, "--output", "kept", cwd=audited.folder)
    second = json.loads((audited.folder / "kept" / "report.json").read_text("utf-8"))
    assert second["site"] == audited.report["site"]
    assert again.returncode == 1


def test_explain_reads_like_an_argument(audited: Audited) -> None:
    lts = next(d for d in truth(audited) if d["id"] == "lts-cmip3432")
    said = camaudit("explain", lts["address"], "--store", audited.store, cwd=audited.folder)
    assert said.returncode == 0
    text = " ".join(said.stdout.split())
    for part in ("LTS", "built by Hikvision", "What speaks for it", "What speaks against it", "Source:"):
        assert part in text
    assert all(len(line) <= 80 for line in said.stdout.splitlines())


def test_the_summary_fits_a_screen(audited: Audited) -> None:
    lines = audited.output.splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 80 for line in lines)
    assert "\x1b" not in audited.output


def test_hostile_names_are_inert_everywhere(audited: Audited) -> None:
    for name in ("report.html", "report.json", "register.csv", "findings.csv"):
        raw = (audited.folder / "out" / name).read_bytes()
        assert b"\x1b" not in raw
    assert b"<script>alert" not in (audited.folder / "out" / "report.html").read_bytes()
    for line in (audited.folder / "out" / "register.csv").read_text("utf-8-sig").splitlines():
        assert not any(cell.lstrip('"').startswith(("=", "@")) for cell in line.split(","))
