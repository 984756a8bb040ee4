"""The questions in scenarios/ are what their generators say."""

import pytest

from scripts import scenarios


@pytest.mark.parametrize("name", scenarios.questions())
def test_a_scenario_is_what_its_generator_says(name: str) -> None:
    written = (scenarios.FOLDER / name).read_text(encoding="utf-8")
    assert written == scenarios.text_of(scenarios.questions()[name])


def test_every_file_has_a_generator() -> None:
    files = {str(file.relative_to(scenarios.FOLDER)) for file in scenarios.FOLDER.glob("*/*.json")}
    assert files == set(scenarios.questions())
