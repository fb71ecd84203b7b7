"""Changes as lines of a log: in goes ``News``, out come lines in CEF or OCSF. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator

from camaudit.changes.compare import WAIVED
from camaudit.report import cef, ocsf
from camaudit.report.safe import visible
from camaudit.report.siem import Line, finding_uid, severity_of, standing
from camaudit.report.summary import name_of
from camaudit.telling.news import Change, Kind, News
from camaudit.telling.words import telling_words

_ACTIVITY = {Kind.OPENED: "create", Kind.CHANGED: "update", Kind.CLOSED: "close"}
_SEVERITY = {Kind.UNSEEN: "low", Kind.SEEN_AGAIN: "info", Kind.COVERAGE: "medium"}


def file_lines(news: News, form: str) -> Iterator[str]:
    """Yield the lines as a file holds them: CEF in its syslog frame, OCSF as JSON alone."""
    for line in lines_of(news, form):
        yield line if form == "cef" else line[line.index("{") :]


def lines_of(news: News, form: str) -> Iterator[str]:
    """Yield a syslog line for each change, in front one that says what the message is; ``form``: cef or ocsf."""
    yield _line(news, form, str(news.occasion), "info", f"camera audit: {news.occasion}", standing(news.counts))
    for each in news.changes:
        if each.kind in _ACTIVITY:
            yield _finding(each, news, form)
        else:
            head = telling_words().heads[each.kind]
            name = f"{head}: {each.label}" if each.label else head
            yield _line(news, form, str(each.kind), _SEVERITY[each.kind], name, each.why, each)


def _finding(each: Change, news: News, form: str) -> str:
    state = each.after.removesuffix(WAIVED)
    line = Line(
        at=news.at,
        site=news.site,
        run=news.run,
        tool_version=news.tool_version,
        uid=finding_uid(news.site, each.device, each.policy, each.rule),
        activity=_ACTIVITY[each.kind],
        state=state,
        severity=severity_of(state, each.severity),
        device=each.device,
        address=each.address,
        name=each.label,
        policy=each.policy,
        policy_name=name_of(news.names or {}, each.policy),
        rule=each.rule,
        title=each.title,
        reason=each.why,
        waived=each.after.endswith(WAIVED),
        due=each.due,
    )
    if form == "cef":
        return cef.finding_line(line, f"finding-{each.kind}")
    return _framed(news, f"finding-{each.kind}", line.severity, ocsf.finding(line))


def _line(
    news: News, form: str, kind: str, severity: str, name: str, message: str, about: Change | None = None
) -> str:
    if form == "cef":
        where = cef.address_fields(about.address) if about else {}
        uid = about.id if about else news.id
        fields = {**where, "cs6Label": "site", "cs6": news.site, "deviceExternalId": news.run, "externalId": uid}
        return cef.line_of(news.at, news.tool_version, (kind, name, severity), {**fields, "msg": message})
    more = {"site": visible(news.site), "message_id": news.id, "what": kind, "detail": visible(message)}
    if about is not None and about.device:
        more |= {"device": about.device, "address": visible(about.address)}
    return _framed(news, kind, severity, ocsf.notice(news.at, news.tool_version, news.run, name, severity, more))


def _framed(news: News, kind: str, severity: str, event: ocsf.Json) -> str:
    return f"{cef.frame(news.at, kind, severity)} {json.dumps(event)}"
