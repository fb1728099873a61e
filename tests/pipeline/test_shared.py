"""What processes share is what was given, whatever lay there before."""

import numpy as np
import pytest

from bot.pipeline.shared import SharedRows, shared


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FARO_VAR", str(tmp_path))
    return tmp_path / "shared"


@pytest.mark.parametrize("kind", [np.uint8, np.float16, np.float32])
def test_it_is_the_array_that_was_given_and_cannot_be_changed(folder, kind):
    array = np.arange(12).reshape(3, 4).astype(kind)
    for found in (shared("one", array), shared("one", array)):
        assert found.dtype == kind
        assert (found == array).all()
        with pytest.raises(ValueError, match="read-only"):
            found[0, 0] = 1
    assert len(list(folder.iterdir())) == 1


def test_another_array_of_the_name_takes_its_place_and_a_reader_keeps_what_it_has(folder):
    before, other = np.zeros((3, 4)), shared("two", np.ones(5))
    held = shared("one", before)
    assert (shared("one", before + 1) == 1).all()
    assert (held == before).all()
    assert (other == 1).all()
    assert len(list(folder.iterdir())) == 2


def test_a_file_cut_short_is_written_anew(folder):
    array = np.arange(1000.0)
    shared("one", array)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:400])
    assert (shared("one", array) == array).all()


def test_rows_are_those_of_the_array_however_often_they_are_read(folder):
    array = np.arange(40, dtype=np.uint8).reshape(10, 4)
    rows = SharedRows("one", array, often=3)
    for wanted in ([0, 2], [2, 3, 9, 1], [9], []):
        found = rows[np.array(wanted, dtype=int)]
        assert (found == array[wanted]).all()
        found[:] = 7  # a copy
    assert (shared("one", array) == array).all()


def test_rows_are_read_though_another_array_has_taken_their_place(folder):
    array = np.arange(40.0).reshape(10, 4)
    rows = SharedRows("one", array, often=3)
    shared("one", array + 1)
    assert (rows[np.array([1, 8])] == array[[1, 8]]).all()
