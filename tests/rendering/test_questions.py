"""What projects left open is listed for the whole site, beside those who took it up; nothing is called answered."""

from typing import Any

FAITH = "That one block is one writer; Leave one group out would not notice."


def fill(bench: Any, count: int = 5) -> None:
    bench.add(
        "asks",
        title="Three times more errors",
        on_faith=[FAITH],
        follow_up=["Adapt it to a new writer."],
        concepts=["reject option"],
    )
    learned = ["A weak baseline flatters."]
    bench.add("builds", title="Twenty labels", builds_on=["asks"], learned=learned, concepts=["k-means"])
    bench.add("knows", title="Forms left out", concepts=["leave-one-group-out", "K-Means"])
    for number in range(count - 3):
        bench.add(f"other{number}", title="Another")


def test_from_five_projects_on_open_questions_have_a_page(bench: Any, find: Any) -> None:
    fill(bench)

    rendered = bench.render()

    text = find(rendered, "questions.md").text
    assert FAITH in text
    assert "Adapt it to a new writer." in text
    assert '<a href="./questions/">Open questions</a>' in find(rendered, "index.md").text
    assert find(rendered, "projects/asks/index.md").text.count('<a href="../../questions/">') == 1


def test_with_fewer_projects_there_is_none_and_nothing_leads_there(bench: Any) -> None:
    fill(bench, count=4)

    pages = bench.render().pages

    assert "questions.md" not in {page.path.as_posix() for page in pages}
    assert not [page.path for page in pages if "questions/" in page.text]


def test_without_a_question_there_is_no_page(bench: Any) -> None:
    for number in range(6):
        bench.add(f"p{number}")

    assert "questions.md" not in {page.path.as_posix() for page in bench.render().pages}


def test_what_others_found_stands_beside_and_is_not_called_an_answer(bench: Any, find: Any) -> None:
    fill(bench)

    text = find(bench.render(), "questions.md").text

    taken_up = text.partition("Taken up since")[2]
    assert '<a href="../projects/builds/">Twenty labels</a>' in taken_up
    assert "Learned there: A weak baseline flatters." in taken_up
    named = 'About leave one group out: <a href="../projects/knows/">Forms left out</a>'
    assert named in text
    assert "answer" not in text.lower()


def test_a_concept_is_found_by_its_words_and_only_as_a_whole(bench: Any) -> None:
    bench.add("asks", on_faith=["Is k means enough?", "Are bookmeans enough?", "K-MEANS, then?"])
    bench.add("knows", title="Groups", concepts=["k-means"])

    text = bench.page("asks").text

    assert text.count('About k means: <a href="../knows/">Groups</a>') == 2


def test_a_project_does_not_answer_itself(bench: Any) -> None:
    bench.add("asks", on_faith=["Is k-means enough?"], concepts=["k-means"], builds_on=["asks"])

    text = bench.page("asks").text

    assert "About k means" not in text
    assert "Continued in" not in text


def test_concepts_lead_to_the_projects_that_share_them(bench: Any) -> None:
    fill(bench)

    text = bench.page("builds").text

    concepts = text.partition('<h2 id="concepts">')[2].partition("</section>")[0]
    assert "k-means" in concepts
    assert 'also in <a href="../knows/">Forms left out</a>' in concepts


def test_who_builds_on_a_project_is_named_on_its_page(bench: Any) -> None:
    fill(bench)

    text = bench.page("asks").text

    assert '<a href="../../projects/builds/">Twenty labels</a>' in text.partition('<h2 id="continued">')[2]


def test_questions_are_text(bench: Any, find: Any) -> None:
    bench.add(
        "asks", title="<b>x</b>", on_faith=["<script>alert(1)</script> {{ 7 * 7 }}"], follow_up=["# not a heading"]
    )
    for number in range(4):
        bench.add(f"other{number}")

    rendered = bench.render()

    for page in (find(rendered, "questions.md"), find(rendered, "projects/asks/index.md")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}" in page.text
