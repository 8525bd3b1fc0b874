"""What a page may say of its numbers and of a run that failed, in words and without a traceback."""

import re

from markupsafe import Markup

from portfolio.rendering.escape import block
from portfolio.values.entry import Entry, Trust
from portfolio.values.record import CLUSTER, Circumstances, Failure, FailureKind

OPEN, CLOSE = Markup("<!--pf-notice-->"), Markup("<!--/pf-notice-->")
"""Comments that bound the notice's place; text of a project cannot hold one, for its `<` is escaped."""
_RUN = re.compile(r"https://[A-Za-z0-9.-]+/[A-Za-z0-9._-]+/[A-Za-z0-9._-]+/actions/runs/[0-9]+")
_NOTICE = re.compile(re.escape(OPEN) + ".*?" + re.escape(CLOSE), re.DOTALL)
_AROUND = re.compile("<!--pf-around-->.*?<!--/pf-around-->", re.DOTALL)
_WORDS = {
    FailureKind.RAISED: "the script stopped with an error",
    FailureKind.TIMED_OUT: "the script ran longer than it may",
    FailureKind.OUT_OF_MEMORY: "the script needed more memory than it may have",
    FailureKind.OUTPUT_LIMIT: "the script wrote more than it may",
    FailureKind.CRASHED: "the script's process ended unexpectedly",
    FailureKind.NO_RESULT: "the script left no complete result",
    FailureKind.CHANGED_INPUTS: "the script changed its own inputs",
    FailureKind.DOWNLOAD: "a download did not succeed",
    FailureKind.PAGE: "the page could not be rendered",
    FailureKind.SECRET: "the result held something that looks like a secret",
    FailureKind.ARTIFACT: "a file of the result could not be kept",
    FailureKind.ENVIRONMENT: "the script's environment could not be set up",
    FailureKind.WORKER_LOST: "the machine that ran it was lost",
    FailureKind.WORSE: "its result is worse than the one that was accepted",
}


def mark(page_text: str, failure: Failure) -> str:
    """Return the rendered page with the notice that it shows the last good result, and why in plain words.

    A page that carries a notice gets the new one instead; a text without a place for one is returned as it is. What
    the page says of other projects is left out, for they may be gone by now.
    """
    return _AROUND.sub("", _NOTICE.sub(lambda _: block(notice(failure)), page_text, count=1))


def notice(failure: Failure | None) -> Markup:
    """Return the notice's place, empty without a failure."""
    if failure is None:
        return OPEN + CLOSE
    words = _WORDS.get(failure.kind, "it did not finish")
    text = Markup(
        '<p class="pf-notice" role="note"><strong>This page shows the last good result.</strong> '
        "The newest run failed: {}.</p>"
    ).format(words)
    return OPEN + text + CLOSE


def trust_line(entry: Entry, ran: Circumstances) -> Markup:
    """Return at which commit, when and where the numbers were made: those of the run, whoever renders it."""
    if entry.record and entry.record.origin:
        text = Markup("Recorded elsewhere on {}, and imported from {}: nothing of it was run for this site.")
        return text.format(ran.started.date().isoformat(), entry.record.origin)
    made = Markup("on {}, {}").format(ran.started.date().isoformat(), _place(ran))
    if ran.commit is not None and entry.project.spec.code:
        changed = " with uncommitted changes" if ran.commit.dirty else ""
        made = Markup("at commit {}{} {}").format(ran.commit.sha[:7], changed, made)
    return _line(entry).format(made)


def _place(ran: Circumstances) -> Markup:
    """Return where it ran; a record may come from anywhere, so that only the address of a run is one."""
    if _RUN.fullmatch(ran.place):
        return Markup('in <a href="{}" rel="noopener">continuous integration</a>').format(ran.place)
    if ran.place == CLUSTER:
        return Markup("on a {} worker of a Dask cluster").format(ran.platform)
    if ran.place:
        return Markup("in continuous integration")
    return Markup("on a {} machine").format(ran.platform)


def _line(entry: Entry) -> Markup:
    if not entry.project.spec.run.execute:
        return Markup("Shown as its notebook was saved; nothing of it was recomputed here.")
    if entry.trust is Trust.RECORDED and entry.reason:
        return Markup("Recorded {}, not recomputed for this build; what it depends on has changed since.")
    if entry.trust is Trust.LAST_GOOD and entry.failure is None:
        return Markup("The last good result, computed {}; what it depends on has changed since.")
    return _TRUST[entry.trust]


_TRUST = {
    Trust.RECOMPUTED: Markup("Recomputed {}."),
    Trust.RECORDED: Markup("Recorded {}, not recomputed for this build."),
    Trust.LAST_GOOD: Markup("The last good result, computed {}; the newest run failed."),
    Trust.DIFFERENT: Markup("Recomputed {}, and different from the committed results."),
}
