"""A set-up does each thing once, resumes, and says what went wrong."""

from pathlib import Path

import pytest

from tools.steps import Step, StepFailed, run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source.txt"
    file.write_text("one")
    return file


def step_that_counts(tmp_path: Path, source: Path, done: list[int]) -> Step:
    def do() -> None:
        done.append(len(done))
        (tmp_path / "made").touch()

    return Step(
        name="count",
        title="Count",
        do=do,
        inputs=(source, "word"),
        outputs=(tmp_path / "made",),
        stamps=tmp_path / "stamps",
    )


def test_a_step_that_is_done_is_not_done_again(tmp_path, source, capsys):
    done: list[int] = []
    step = step_that_counts(tmp_path, source, done)
    assert [step.carry_out(), step.carry_out()] == [True, False]
    assert len(done) == 1
    assert capsys.readouterr().err == "▸ Count\n"


def test_a_step_is_done_again_when_an_input_changes(tmp_path, source):
    done: list[int] = []
    step = step_that_counts(tmp_path, source, done)
    step.carry_out()
    source.write_text("two")
    assert step.carry_out()
    assert not step.carry_out()
    assert len(done) == 2


def test_a_step_is_done_again_when_what_it_made_is_gone(tmp_path, source):
    step = step_that_counts(tmp_path, source, [])
    step.carry_out()
    (tmp_path / "made").unlink()
    assert step.carry_out()


def test_two_inputs_are_not_taken_for_one_that_joins_them(tmp_path):
    def step(*words: str) -> Step:
        return Step("s", "S", lambda: None, inputs=words, stamps=tmp_path)

    assert step("ab", "c").carry_out()
    assert step("a", "bc").carry_out()


@pytest.mark.parametrize("error", [StepFailed("the line broke"), KeyboardInterrupt()])
def test_a_step_that_was_broken_off_is_tried_again(tmp_path, error):
    ways = [error, None]

    def do() -> None:
        way = ways.pop(0)
        if way is not None:
            raise way

    step = Step("load", "Load", do, stamps=tmp_path)
    with pytest.raises(type(error)):
        step.carry_out()
    assert step.carry_out()
    assert not step.carry_out()


def test_a_broken_off_repeat_does_not_count_as_the_earlier_success(tmp_path, source):
    def fail() -> None:
        raise StepFailed("disk full")

    Step("load", "Load", lambda: None, inputs=(source,), stamps=tmp_path).carry_out()
    first = source.read_text()
    source.write_text("two")
    with pytest.raises(StepFailed):
        Step("load", "Load", fail, inputs=(source,), stamps=tmp_path).carry_out()
    source.write_text(first)
    # The failed attempt may have left half of the new behind.
    assert Step("load", "Load", lambda: None, inputs=(source,), stamps=tmp_path).carry_out()


def test_a_step_that_leaves_nothing_behind_has_failed(tmp_path):
    missing = tmp_path / "model.bin"
    step = Step("load", "Load", lambda: None, outputs=(missing,), stamps=tmp_path)
    with pytest.raises(StepFailed, match=r"“Load” ended without .*model\.bin"):
        step.carry_out()


def test_a_command_that_fails_is_named_with_its_cure():
    with pytest.raises(StepFailed, match=r"`sh -c exit 7` failed \(7\)\. Free some space\."):
        run("sh", "-c", "exit 7", cure="Free some space.")


def test_a_quiet_command_shows_its_output_only_when_it_fails(capfd):
    run("echo", "all went well", quiet=True)
    assert capfd.readouterr().err == ""
    with pytest.raises(StepFailed):
        run("sh", "-c", "echo no room; exit 1", quiet=True)
    assert "no room" in capfd.readouterr().err
