"""OpenBLAS is told of processors that came after it, and of no others."""

import pytest

from bot.runtime import blas

FLAGS = "fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl"


def told(folder, vendor, flags, **environ):
    file = folder / "cpuinfo"
    one = f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n"
    file.write_text(f"{one}\n{one}\n", encoding="utf-8")
    blas.know_processor(environ, file)
    return environ


def test_a_late_processor_of_amd_has_avx_512(tmp_path):
    assert told(tmp_path, "AuthenticAMD", FLAGS) == {"OPENBLAS_CORETYPE": "SkylakeX"}


@pytest.mark.parametrize(
    ("vendor", "flags"),
    [("AuthenticAMD", "fma avx2"), ("AuthenticAMD", "avx512f"), ("GenuineIntel", FLAGS)],
)
def test_others_are_left_to_it(tmp_path, vendor, flags):
    assert told(tmp_path, vendor, flags) == {}


def test_a_setting_stays_what_it_is(tmp_path):
    environ = {"OPENBLAS_CORETYPE": "Haswell"}
    assert told(tmp_path, "AuthenticAMD", FLAGS, **environ) == environ


def test_where_nothing_is_told_of_the_processor_nothing_is_set(tmp_path):
    environ = {}
    blas.know_processor(environ, tmp_path / "none")
    assert environ == {}
