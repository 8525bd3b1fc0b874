"""The image that a link is shown with: drawn by a process of its own, once for what decides it."""

import io
from pathlib import Path, PurePosixPath

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageChops
from stage import Stage, tree

from portfolio.cards import draw_cards
from portfolio.cards.picture import picture
from portfolio.values.preview import Preview

PLAIN = Preview(title="Thirteen values tell three wines apart", byline="Ada Example", number="98.3", unit=" %")
HERE = PurePosixPath("projects/one/card.png")


def drawn(folder: Path, preview: Preview) -> Image.Image:
    (asset,) = draw_cards({HERE: preview}, folder / "cards")
    return Image.open(asset.source).convert("RGB")


def plotted() -> Figure:
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots(1, 2)
    axes[0].plot([0, 1, 2], [2, 0, 1], "--", label="dashed", linewidth=3)
    axes[0].bar([0, 1], [1, 2], color="#d9722b", alpha=0.5)
    axes[0].scatter([0.5, 1.5], [1.5, 0.5], s=80)
    axes[0].set_ylim(0, 1.8)  # the bar and the line go on beyond
    axes[0].legend()
    axes[1].imshow([[0, 1, 2], [3, 4, 5]])
    axes[1].set_title("Two, O, 8 and B")
    return figure


def test_a_card_has_the_size_that_previews_want_and_is_light(tmp_path: Path) -> None:
    (asset,) = draw_cards({HERE: PLAIN}, tmp_path / "cards")

    with Image.open(asset.source) as image:
        assert (image.size, image.format) == ((1200, 630), "PNG")
    assert asset.path == HERE
    assert asset.source.stat().st_size < 80_000


def test_the_same_card_has_the_same_bytes_wherever_it_is_drawn(tmp_path: Path) -> None:
    (one,), (other,) = (draw_cards({HERE: PLAIN}, tmp_path / name) for name in ("a", "b"))

    assert one.source.read_bytes() == other.source.read_bytes()


def test_a_card_is_drawn_once_and_goes_when_nobody_wants_it(tmp_path: Path) -> None:
    changed = Preview(title="Another", byline="Ada Example")
    (first,) = draw_cards({HERE: PLAIN}, tmp_path / "cards")
    before = first.source.stat()

    (again,) = draw_cards({HERE: PLAIN}, tmp_path / "cards")
    after = again.source.stat()
    (other,) = draw_cards({HERE: changed}, tmp_path / "cards")

    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [name for name in tree(tmp_path / "cards") if name.endswith(".png")] == [other.source.name]


@pytest.mark.parametrize("suffix", ["svg", "png", "webp"])
def test_a_figure_stands_on_its_card(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"figure.{suffix}"
    plotted().savefig(path)

    with_figure = drawn(tmp_path, Preview(title="A", byline="B", figure=path))
    without = drawn(tmp_path, Preview(title="A", byline="B"))

    right = (620, 60, 1150, 500)
    assert len(with_figure.crop(right).getcolors(1 << 20) or ()) > 20
    assert len(without.crop(right).getcolors(1 << 20) or ()) == 1


def test_a_vector_is_drawn_as_matplotlib_draws_it(tmp_path: Path) -> None:
    figure, path = plotted(), tmp_path / "figure.svg"
    with mpl.rc_context({"svg.fonttype": "path"}):
        figure.savefig(path)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=100)

    ours = picture(path, (600, 400))

    assert ours is not None
    theirs = Image.open(stream).convert("RGB").resize(ours.size)
    unlike = ImageChops.difference(ours.convert("L"), theirs.convert("L")).histogram()
    assert sum(unlike[64:]) < 0.02 * ours.width * ours.height  # edges, smoothed in another way


@pytest.mark.parametrize(
    "content",
    [
        b"no image at all",
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>words</text></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0 z 3 3"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="a"><use href="#a"/></g></svg>',
    ],
    ids=["not-xml", "text", "odd-path", "no-size", "endless"],
)
def test_what_cannot_be_drawn_leaves_a_card_of_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "figure.svg"
    path.write_bytes(content)

    with_figure = drawn(tmp_path, Preview(title="A", byline="B", figure=path))

    assert with_figure.tobytes() == drawn(tmp_path, Preview(title="A", byline="B")).tobytes()


def test_a_figure_that_takes_too_much_costs_itself_and_not_the_site(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    deep = "".join(f'<g id="g{n}"><use href="#g{n - 1}"/><use href="#g{n - 1}"/></g>' for n in range(1, 40))
    mark = '<g id="g0"><path d="M0 0 L9 9 L0 9 Z" style="stroke: #000000"/></g>'
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{mark}{deep}</svg>', encoding="utf-8")
    other = PurePosixPath("card.png")

    cards = draw_cards({HERE: Preview(title="A", byline="B", figure=path), other: PLAIN}, tmp_path / "cards")

    assert {asset.path for asset in cards} == {HERE, other}


def test_a_site_with_an_address_links_its_cards_and_its_feed(built: Stage) -> None:
    address = "https://ada.example/work/"

    ran = built.portfolio("build", "--site-url", address)

    assert ran.code == 0, ran.err
    page = built.page("succeeds")
    assert f'<meta property="og:image" content="{address}projects/succeeds/card.png">' in page
    assert '<script type="application/ld+json">{' in page
    assert (built.site / "projects" / "succeeds" / "card.png").is_file()
    assert (built.site / "card.png").is_file()
    assert f"<loc>{address}projects/succeeds/</loc>" in (built.site / "sitemap.xml").read_text(encoding="utf-8")
    assert f"Sitemap: {address}sitemap.xml" in (built.site / "robots.txt").read_text(encoding="utf-8")
    assert "noindex" in (built.site / "404.html").read_text(encoding="utf-8")
    assert "noindex" not in page


def test_without_an_address_nothing_is_drawn(built: Stage) -> None:
    assert not (built.site / "card.png").exists()
    assert "og:image" not in built.page("succeeds")
    assert "og:title" in built.page("succeeds")
