"""The same records become the same site, byte for byte; the short form of the figure `determinism`."""

from dataclasses import replace
from pathlib import Path

from ground import differences
from stage import Stage, tree
from variations import Variation, built, variations


def test_a_site_is_the_same_wherever_whenever_and_by_whomever_it_is_built(built_once: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    stage = Stage(tmp_path / "original")
    _copy_with_address(Stage(built_once), stage)
    plain, *others = variations()

    wanted = tree(built(stage, tmp_path, plain).site)
    found = tree(built(stage, tmp_path, _all_at_once(plain, others)).site)

    assert differences(found, wanted) == []
    assert "sitemap.xml.gz" in wanted


def _copy_with_address(original: Stage, stage: Stage) -> None:
    """Copy a workspace and give its site an address: only then has it a site map."""
    for name, content in tree(original.root).items():
        if not name.startswith("build/") or name.startswith("build/records/"):
            (stage.root / name).parent.mkdir(parents=True, exist_ok=True)
            (stage.root / name).write_bytes(content)
    stage.append("mkdocs.yml", "site_url: https://ada.example.org/work/\n")


def _all_at_once(plain: Variation, others: list[Variation]) -> Variation:
    """Return what differs in every way that can be had together."""
    joined = plain
    for one in (other for other in others if not other.other_user):  # who cannot enter pytest's own folders
        changed = {name: getattr(one, name) for name in Variation.__dataclass_fields__ if _differs(one, plain, name)}
        joined = replace(joined, **{**changed, "variables": {**joined.variables, **one.variables}})
    return joined


def _differs(one: Variation, plain: Variation, name: str) -> bool:
    return name != "variables" and getattr(one, name) != getattr(plain, name)
