"""Reports hide who could be counted out, on the page and in files."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from console.insight.reports import hide, reports
from tests.console.events import happened
from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("db")


def test_small_counts_are_hidden_and_cannot_be_worked_out():
    assert hide([40, 12, 3]) == [40, None, None]
    happened(40, language="es")
    happened(12, language="en")
    happened(3, language="ht")
    today = timezone.now().date()
    found = {report.key: report for report in reports(today, today)}
    assert dict(found["languages"].rows) == {"es": (40,), "en": (None,), "ht": (None,)}
    _rosa, writer = signed_in("rosa", "writer")
    page = writer.get("/summary/").content.decode()
    assert "&lt;10" in page
    assert "<svg" in page


def test_reports_come_as_files_without_small_counts():
    happened(25, label="tps", channel="sms", country="HN", language="es")
    happened(4, label="asylum_us", channel="telegram", country="GT", language="en")
    _rosa, writer = signed_in("rosa", "writer")
    text = writer.get("/summary/file.csv").content.decode("utf-8-sig")
    assert "TPS" in text
    assert ",4" not in text
    book = openpyxl.load_workbook(io.BytesIO(writer.get("/summary/file.xlsx").content))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 25 not in cells  # alone beside a hidden one it would give that away
    assert "<10" in cells
    assert 4 not in cells


def test_a_long_span_and_a_wrong_date_do_no_harm():
    _rosa, writer = signed_in("rosa", "writer")
    assert writer.get("/summary/?since=1990-01-01&until=2026-01-01").status_code == 200
    assert writer.get("/summary/?since=gestern").status_code == 200
    assert writer.get("/summary/file.exe").status_code == 404


@pytest.mark.parametrize("label", ["=1+1", "+cmd", "@x", "-1"])
def test_no_spreadsheet_takes_a_label_for_a_formula(label):
    from console.insight.views import safe

    assert safe(label)[0] == "'"


def test_days_without_events_are_there():
    today = timezone.now().date()
    happened(20, day=today)
    days = next(r for r in reports(today - timedelta(days=6), today) if r.key == "days")
    assert len(days.rows) == 7
    assert days.rows[-1][1][0] == 20
