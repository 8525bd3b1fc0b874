"""Strings that look like secrets and strings that only look odd, made anew each time and from parts.

Nothing here is a secret, and no scanner of repositories finds one in this file.
"""

import base64
import hashlib
import random
import string
import uuid
from collections.abc import Callable

_LETTERS = string.ascii_letters + string.digits
_URL = _LETTERS + "_-"
_HEX = "0123456789abcdef"


def secrets(seed: int = 0) -> dict[str, str]:
    """Return forty synthetic secrets by what they are."""
    draw = _Draw(seed)
    tokens = {kind: "".join(parts) + draw(alphabet, count) for kind, (parts, alphabet, count) in _TOKENS.items()}
    return tokens | {kind: make(draw) for kind, make in _OTHERS.items()}


def innocents(seed: int = 0) -> list[str]:
    """Return two hundred strings that stand on pages of honest projects."""
    draw = _Draw(seed)
    return [make(draw) for make in _INNOCENT for _ in range(200 // len(_INNOCENT))]


class _Draw:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - synthetic, and the same each time

    def __call__(self, alphabet: str, count: int) -> str:
        """Return `count` characters of `alphabet`, of all its kinds."""
        while True:
            text = "".join(self.random.choices(alphabet, k=count))
            if any(char.isdigit() for char in text) and any(char.isalpha() for char in text):
                return text

    def bytes(self, count: int) -> bytes:
        """Return `count` bytes."""
        return self.random.randbytes(count)


_TOKENS: dict[str, tuple[tuple[str, ...], str, int]] = {
    "GitHub, classic": (("gh", "p_"), _LETTERS, 36),
    "GitHub, server": (("gh", "s_"), _LETTERS, 36),
    "GitLab": (("glp", "at-"), _URL, 20),
    "AWS key": (("AK", "IA"), string.ascii_uppercase + string.digits, 16),
    "AWS key, temporary": (("AS", "IA"), string.ascii_uppercase + string.digits, 16),
    "Google": (("AI", "za"), _URL, 35),
    "Google OAuth": (("GOC", "SPX-"), _URL, 28),
    "Stripe": (("sk_", "live_"), _LETTERS, 24),
    "Stripe, restricted": (("rk_", "live_"), _LETTERS, 24),
    "OpenAI": (("sk", "-"), _LETTERS, 48),
    "OpenAI, project": (("sk-", "proj-"), _URL, 64),
    "Anthropic": (("sk-", "ant-", "api03-"), _URL, 93),
    "Hugging Face": (("h", "f_"), _LETTERS, 34),
    "npm": (("np", "m_"), _LETTERS, 36),
    "PyPI": (("py", "pi-", "AgEIcHlwaS5vcmc"), _URL, 80),
    "Twilio": (("S", "K"), _HEX, 32),
    "Databricks": (("da", "pi"), _HEX, 32),
    "DigitalOcean": (("do", "p_v1_"), _HEX, 64),
    "Docker": (("dckr", "_pat_"), _URL, 27),
    "Replicate": (("r", "8_"), _LETTERS, 37),
    "Groq": (("gs", "k_"), _LETTERS, 52),
    "Kaggle": (("KG", "AT_"), _HEX, 32),
    "age": (("AGE-", "SECRET-", "KEY-1"), string.ascii_uppercase + string.digits, 58),
    "Slack webhook": (("https://hooks.slack", ".com/services/T0", "1AB2CD3/B04EF5GH6/"), _LETTERS, 24),
}
_OTHERS: dict[str, Callable[[_Draw], str]] = {
    "GitHub, fine-grained": lambda draw: "github_" + "pat_" + draw(_LETTERS, 22) + "_" + draw(_LETTERS, 59),
    "Slack": lambda draw: "xo" + "xb-48210394857-" + draw(_LETTERS, 24),
    "AWS secret": lambda draw: "aws_secret" + f'_access_key = "{draw(_LETTERS + "+/", 40)}"',
    "SendGrid": lambda draw: "S" + f"G.{draw(_URL, 22)}.{draw(_URL, 43)}",
    "Telegram": lambda draw: f"{draw.random.randrange(10**8, 10**9)}:A" + "A" + draw(_URL, 33),
    "web token": lambda draw: ".".join(
        ["ey" + "J" + draw(_URL, 33), "ey" + "J" + draw(_URL, 60), draw(_URL, 43)],
    ),
    "private key": lambda draw: (
        "-----BEGIN " + "RSA PRIVATE KEY-----\n" + base64.b64encode(draw.bytes(48)).decode() + "\n-----END"
    ),
    "OpenSSH key": lambda draw: (
        "-----BEGIN " + "OPENSSH PRIVATE KEY-----\n" + base64.b64encode(draw.bytes(48)).decode() + "\n"
    ),
    "Azure storage": lambda draw: "Account" + f"Key={base64.b64encode(draw.bytes(64)).decode()}",
    "Azure client": lambda draw: draw(_LETTERS, 3) + "8" + f"Q~{draw(_LETTERS, 34)}",
    "Kaggle, old": lambda draw: '{"username": "ada", "ke' + f'y": "{draw(_HEX, 32)}"}}',
    "Weights & Biases": lambda draw: "WANDB_API_KE" + f"Y={draw(_HEX, 40)}",
    "address": lambda draw: f"postgresql://ada:{draw(_LETTERS, 14)}@db.internal:5432/wine",
    "password": lambda draw: "pass" + f'word = "{draw(_LETTERS + "!#%", 14)}"',
    "api key": lambda draw: '{"api_' + f'key": "{draw(_LETTERS, 28)}"}}',
    "client secret": lambda draw: "client_" + f"secret: '{draw(_LETTERS, 24)}'",
}
_MODELS = (
    "distilbert-base-uncased-finetuned-sst-2-english",
    "sentence-transformers/all-MiniLM-L6-v2",
    "meta-llama/Llama-3.1-8B-Instruct",
    "hf_hub_download(repo_id='google/vit-base-patch16-224-in21k')",
    "tokenizer.pad_token = '[PAD]'; eos_token = '<|endoftext|>'",
    "sk-toggleable__label sk-toggleable__label-arrow sk-estimator-doc-link fitted",
    "#sk-container-id-12 div.sk-parallel-item::after",
    "api_key = os.environ['OPENAI_API_KEY']",
    "password = getpass.getpass('Password: ')",
    "token = 'your-token-goes-here-1234'",
)
_PLAIN = (
    "https://user:password@example.org/path",
    "postgresql://localhost:5432/wine",
    "git@github.com:ada/wine.git",
    "-----BEGIN CERTIFICATE-----",
    "secret_key=<your secret key, 40 characters>",
    "the `Authorization: Bearer …` header",
    "password: 'correct-horse'",
    "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "key: 'd41d8cd98f00b204e9800998ecf8427e'",
)
_INNOCENT: tuple[Callable[[_Draw], str], ...] = (
    lambda draw: hashlib.sha256(draw.bytes(8)).hexdigest(),
    lambda draw: f"md5:{hashlib.md5(draw.bytes(8), usedforsecurity=False).hexdigest()}",
    lambda draw: f"commit {draw(_HEX, 40)}",
    lambda draw: f"wandb @ git+https://github.com/wandb/wandb@{draw(_HEX, 40)}",
    lambda draw: str(uuid.UUID(bytes=draw.bytes(16))),
    lambda draw: f'<img src="data:image/png;base64,{base64.b64encode(draw.bytes(3000)).decode()}">',
    lambda draw: f"--hash=sha256:{draw(_HEX, 64)}",
    lambda draw: f'"integrity": "sha512-{base64.b64encode(draw.bytes(64)).decode()}"',
    lambda draw: f"10.{draw.random.randrange(1000, 99999)}/{draw(_LETTERS, 12)}.{draw('0123456789a', 4)}",
    lambda draw: f"array([{', '.join(f'{draw.random.gauss(0, 1):.8e}' for _ in range(200))}])",
    lambda draw: str(draw.random.randrange(10**60)),
    lambda draw: f"https://arxiv.org/abs/2401.{draw.random.randrange(10**5):05}",
    lambda draw: draw.random.choice(_MODELS),
    lambda draw: draw.random.choice(_PLAIN),
    lambda draw: f"<pandas.DataFrame at 0x{draw(_HEX, 12)}>",
    lambda draw: f'"key": "{draw(_HEX, 32)}", "seal": "{draw(_HEX, 64)}"',
    lambda draw: " ".join(draw(_HEX, 2) for _ in range(40)),
    lambda draw: f"figures/roc.{draw(_HEX, 20)}.webp?v={draw(_HEX, 8)}",
    lambda draw: f"{draw(_LETTERS, 27)}= urn:oid:1.2.840.{draw.random.randrange(10**9)}",
    lambda draw: f"sklearn.utils._bunch.Bunch_{draw('abcdef0123456789_', 40)}",
)
