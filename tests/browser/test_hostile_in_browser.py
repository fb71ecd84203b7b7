"""The page of the hostile fleet, opened: no dialog, no request, no script beside ours."""

from __future__ import annotations

from chromium import Chromium

from hostile_fleet import Besieged


def test_the_page_of_forty_hostile_hosts_is_inert(browser: Chromium, besieged: Besieged) -> None:
    page = besieged.folder / "out" / "report.html"
    browser.open(page)
    assert browser.requested() == [page.as_uri()]
    assert browser.complaints() == []
    assert not any(event["method"] == "Page.javascriptDialogOpening" for event in browser.events)
    shown = browser.run("document.body.innerText")
    assert "<script>alert(1)</script>" in shown, "what a device wrote is shown as it is"
    elements = browser.run(
        "[...document.querySelectorAll('iframe,object,embed,base,form[action],svg[onload],[onerror],[onload],"
        "[onmouseover],img[src^=http],meta[http-equiv=refresh]')].map(e => e.outerHTML.slice(0, 200))"
    )
    assert elements == []
    links = browser.run("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
    assert [
        link for link in links if "198.51.100" in link or link.lower().startswith(("javascript", "data"))
    ] == []
    scripts = browser.run("[...document.scripts].map(s => s.textContent.slice(0, 40) + '|' + s.src)")
    assert not any("alert(" in script or script.endswith("http") for script in scripts)


def test_the_page_of_each_hostile_host_is_inert(browser: Chromium, besieged: Besieged) -> None:
    browser.open(besieged.folder / "out" / "report.html")
    for number in range(1, len(besieged.report["devices"]) + 1):
        browser.run(f"location.hash = 'device-{number}'; new Promise(done => setTimeout(done, 30))")
        assert browser.run("document.querySelectorAll('#device-page .device').length") == 1
        assert browser.run("document.querySelectorAll('main img, main iframe, main script').length") == 0
    assert browser.complaints() == []
    assert len(browser.requested()) == 1
