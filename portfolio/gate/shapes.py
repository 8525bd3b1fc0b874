"""The shapes of secrets: what one service's tokens look like, and assignments to names that hold passwords.

detect-secrets found 6 of 12 synthetic tokens, so the rules are our own. Each has an anchor, a literal by which a text
is skipped at the speed of `str.find`; the pattern is tried where the anchor stands and nowhere else.
"""

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_PLACEHOLDERS = re.compile(
    r"example|placeholder|your|redacted|dummy|changeme|change_me|replace|insert|xxxx|\*\*\*|\.\.\.|<|\$\{|\{\{|%\(",
    re.IGNORECASE,
)
_HEX = re.compile(r"[0-9a-fA-F]+")
_LEFT = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"
"""Before a token stands none of its characters, unless they are an escape of JSON or of an address."""
_RIGHT = r"(?![A-Za-z0-9_-])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of secret; group 1 of the pattern, else all of it, is the secret itself."""

    name: str
    anchors: tuple[str, ...]
    """Literals of which one begins every match; in small letters where `folded`."""
    expression: str
    folded: bool = False
    """Whether anchors are looked for without regard to capitals."""
    is_apart: bool = False
    """Whether a match is no single row of a token's characters, so that none says nothing."""
    is_meant: Callable[[str, re.Match[str]], bool] = lambda _text, _match: True
    """Whether a match in a text is one, where the pattern alone cannot tell."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression: compiled where an anchor was found, which is seldom, for it takes a millisecond."""
        return _compiled(self.expression)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def is_varied(secret: str) -> bool:
    """Whether `secret` may be a real one: no placeholder, no row of the same few characters."""
    return len(set(secret)) >= 6 and not _PLACEHOLDERS.search(secret)  # noqa: PLR2004 - xxxx, 0000, abcabc


def entropy(text: str) -> float:
    """Return the bits a character of `text` carries, by how often each occurs in it (Shannon 1948)."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def looks_random(text: str) -> bool:
    """Whether `text` is drawn rather than written: long, of several kinds of characters, none of them prevailing."""
    kinds = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return len(text) >= 20 and kinds == 3 and entropy(text) >= 3.5 and not _HEX.fullmatch(text)  # noqa: PLR2004


def _token(name: str, *anchors: str, rest: str) -> Shape:
    """Return the shape of tokens that begin with one of `anchors` and go on like `rest`."""
    begins = "|".join(map(re.escape, anchors))
    return Shape(name=name, anchors=anchors, expression=f"{_LEFT}((?:{begins}){rest}){_RIGHT}")


def _is_assigned(_text: str, match: re.Match[str]) -> bool:
    """Whether the value given to a name is a password and not a word, a placeholder or a name of something."""
    value = match[1]
    digits, letters = re.search("[0-9]", value), re.search("[A-Za-z]", value)
    is_word = re.fullmatch(r"[A-Za-z]+|[a-z0-9]+(?:[-_./][a-z0-9]+)+|[0-9.,:/-]+", value)
    return bool(digits and letters) and not is_word and entropy(value) >= 3.0  # noqa: PLR2004 - a password's


def _is_kaggle(text: str, match: re.Match[str]) -> bool:
    return "username" in text[max(0, match.start() - 200) : match.end() + 200]


def _is_paired(_text: str, match: re.Match[str]) -> bool:
    is_word = re.fullmatch(r"pass(word|wd)?|secret|token|pw|pwd", match[1], re.IGNORECASE)
    return not is_word and not _PLACEHOLDERS.search(match[0]) and not match[1].startswith(("$", "{", "%"))


_ASSIGNED = (
    r"(?:[_-]?[a-z0-9]{1,30})?\\?[\"']?\s{0,5}\]?\s{0,5}(?::\s{0,3}[A-Za-z]{1,10}\s{0,3})?(?:=>|:=|=|:|,)\s{0,5}"
    r"[rbfRBF]{0,2}\\?[\"']([^\s\"'<>\\]{8,200})\\?[\"']"
)
"""What follows a name: an optional rest of it, its quotes and type, a sign, and the value in quotes."""

SHAPES = (
    _token("GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", rest=r"[A-Za-z0-9]{36,255}"),
    _token("GitHub token", "github_pat_", rest=r"[A-Za-z0-9]{20,30}_[A-Za-z0-9]{40,80}"),
    _token("GitLab token", "glpat-", "gldt-", "glrt-", "glptt-", rest=r"[A-Za-z0-9_.-]{20,80}"),
    _token("AWS access key", "AKIA", "ASIA", rest=r"[0-9A-Z]{16}"),
    Shape(
        name="AWS secret key",
        anchors=("aws_secret", "secret_access_key", "secretaccesskey"),
        folded=True,
        expression=r"(?i:[a-z_]{6,30})[\"'\\\s:=,]{1,12}([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])",
    ),
    _token("Google API key", "AIza", rest=r"[0-9A-Za-z_-]{35}"),
    _token("Google OAuth secret", "GOCSPX-", "ya29.", rest=r"[0-9A-Za-z_-]{24,300}"),
    _token("Slack token", "xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxe-", "xapp-", rest=r"[0-9A-Za-z-]{10,250}"),
    Shape(
        name="Slack webhook",
        anchors=("hooks.slack.com/services/",),
        expression=r"hooks\.slack\.com/services/(T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30})",
    ),
    _token("Stripe key", "sk_live_", "rk_live_", "whsec_", rest=r"[0-9A-Za-z]{16,250}"),
    _token("Anthropic key", "sk-ant-", rest=r"[A-Za-z0-9_-]{20,250}"),
    _token("OpenAI key", "sk-proj-", "sk-svcacct-", "sk-admin-", rest=r"[A-Za-z0-9_-]{20,250}"),
    _token("OpenAI key", "sk-", rest=r"(?=[A-Za-z]{0,99}[0-9])[A-Za-z0-9]{20,100}"),
    _token("Hugging Face token", "hf_", "api_org_", rest=r"[A-Za-z0-9]{30,60}"),
    _token("npm token", "npm_", rest=r"[A-Za-z0-9]{36}"),
    _token("PyPI token", "pypi-AgE", rest=r"[A-Za-z0-9_-]{40,300}"),
    _token("SendGrid key", "SG.", rest=r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}"),
    _token("Twilio key", "SK", rest=r"[0-9a-f]{32}"),
    Shape(
        name="Twilio token",
        anchors=("twilio",),
        folded=True,
        expression=r"(?i:twilio)[^\n]{0,60}?(?<![0-9a-fA-F])([0-9a-f]{32})(?![0-9a-fA-F])",
    ),
    Shape(
        name="Telegram bot token",
        anchors=(":AA",),
        is_apart=True,
        expression=rf"(?<=[0-9]{{8}}):(AA[A-Za-z0-9_-]{{33}}){_RIGHT}",
    ),
    _token("JSON web token", "eyJ", rest=r"[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{16,1000}"),
    Shape(
        name="private key",
        anchors=("-----BEGIN ",),
        is_apart=True,
        expression=(
            r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:\s|\\[nr]|[A-Za-z-]{1,30}: [^\n]{1,100})*([A-Za-z0-9+/=]{32,})"
        ),
    ),
    _token("age key", "AGE-SECRET-KEY-1", rest=r"[0-9A-Z]{40,70}"),
    Shape(name="Azure key", anchors=("AccountKey=",), expression=r"AccountKey=([A-Za-z0-9+/]{60,100}={0,2})"),
    Shape(
        name="Azure signature",
        anchors=("sig=",),
        is_apart=True,
        expression=r"sig=([A-Za-z0-9+/%]{43,80}(?:%3[Dd]|=))",
    ),
    Shape(
        name="Azure client secret",
        anchors=("8Q~",),
        expression=rf"(?<=[A-Za-z0-9_~.]{{3}})(8Q~[A-Za-z0-9_~.-]{{31,34}}){_RIGHT}",
    ),
    _token("Kaggle token", "KGAT_", rest=r"[0-9a-f]{32}"),
    Shape(
        name="Kaggle key",
        anchors=("key",),
        is_apart=True,
        expression=r"key\\?\"\s{0,3}:\s{0,3}\\?\"([0-9a-f]{32})\\?\"",
        is_meant=_is_kaggle,
    ),
    Shape(
        name="Weights & Biases key",
        anchors=("wandb",),
        folded=True,
        expression=(
            r"(?i:wandb[^\n]{0,40}?(?:key|login|token|secret))[^\n@]{0,20}?(?<![0-9a-z@])([0-9a-f]{40})(?![0-9a-z])"
        ),
    ),
    _token("Databricks token", "dapi", rest=r"[0-9a-f]{32}(?:-[0-9])?"),
    _token("DigitalOcean token", "dop_v1_", "doo_v1_", rest=r"[0-9a-f]{64}"),
    _token("Docker token", "dckr_pat_", rest=r"[A-Za-z0-9_-]{20,60}"),
    _token("Replicate token", "r8_", rest=r"[A-Za-z0-9]{37,40}"),
    _token("Groq key", "gsk_", rest=r"[A-Za-z0-9]{40,60}"),
    _token("LangSmith key", "lsv2_pt_", "lsv2_sk_", rest=r"[0-9a-f]{32}_[0-9a-f]{10}"),
    _token("Pinecone key", "pcsk_", rest=r"[A-Za-z0-9_]{40,90}"),
    Shape(
        name="address with a password",
        anchors=("://",),
        is_apart=True,
        expression=r"://[^\s/:@\"'<>?#\\]{1,100}:([^\s/@\"'<>\\]{3,200})@[A-Za-z0-9\[]",
        is_meant=_is_paired,
    ),
    Shape(
        name="password or key in a text",
        anchors=(
            "password",
            "passwd",
            "passphrase",
            "secret",
            "api_key",
            "apikey",
            "api-key",
            "access_key",
            "private_key",
            "_token",
            "_pwd",
        ),
        folded=True,
        expression=(
            rf"(?i:password|(?<!/)passwd|passphrase|secret|api[_-]?key|(?:access|private)_key|_token|_pwd)"
            rf"(?i:{_ASSIGNED})"
        ),
        is_meant=_is_assigned,
    ),
)
