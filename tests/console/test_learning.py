"""Train, evaluate, compare, activate: refused if anything that counts got worse."""

import json

import pytest

from bot.settings import ROOT
from console.content.models import TrainingPhrase
from console.learning import jobs, judge
from console.learning.engine import LIVE_MODEL, BotEngine, EngineError
from console.learning.models import Job
from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("db")

GOOD = {
    "accuracy": 0.9, "accuracy_in_scope": 0.91, "top3": 0.97, "wrong_answers": 0.03,
    "oos": {"recall": 0.8}, "by_language": {"es": {"n": 10, "accuracy": 0.92}},
}  # fmt: skip


class FakeEngine:
    """Stands for the bot's commands: gives the figures it is told."""

    def __init__(self, after, fails=""):
        self.after, self.fails, self.done = after, fails, []

    def prepare(self):
        self.done.append("prepare")

    def train(self):
        if self.fails:
            raise EngineError(self.fails)
        return "faro-new.tar.gz"

    def evaluate(self, test, live):
        return GOOD if live else self.after

    def ask(self, test, live):
        return [{"label": "tps"}, {"label": "tps" if live else "asylum_us"}]

    def activate(self, model):
        self.done.append(model)


@pytest.fixture
def fixed(tmp_path):
    path = tmp_path / "fixed.jsonl"
    rows = [
        {"text": "tps", "label": "tps", "lang": "es"},
        {"text": "asilo", "label": "asylum_us", "lang": "es"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def done(fixed, **changes):
    job = Job.objects.create()
    engine = FakeEngine({**GOOD, **changes.pop("after", {})}, **changes)
    jobs.run(job.pk, engine, fixed)
    job.refresh_from_db()
    return job, engine


def test_a_model_that_is_as_good_may_answer_people(fixed):
    job, engine = done(fixed, after={"accuracy": 0.92})
    assert job.state == Job.State.READY
    assert [row["text"] for row in job.changed] == ["asilo"]
    user, _client = signed_in("marta", "reviewer")
    jobs.activate(job, user, engine)
    assert engine.done == ["prepare", "faro-new.tar.gz"]
    assert job.state == Job.State.ACTIVE


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ({"accuracy": 0.899}, "accuracy"),
        ({"wrong_answers": 0.04}, "wrong_answers"),
        ({"oos": {"recall": 0.7}}, "oos_recall"),
        ({"by_language": {"es": {"n": 10, "accuracy": 0.90}}}, "language_es"),
        ({"by_language": {}}, "language_es"),
    ],
)
def test_a_model_that_is_worse_in_anything_is_refused(fixed, after, name):
    job, engine = done(fixed, after=after)
    assert job.state == Job.State.REFUSED
    assert name in job.worse
    user, client = signed_in("marta", "reviewer")
    with pytest.raises(EngineError):
        jobs.activate(job, user, engine)
    client.post("/training/", {"activate": job.pk})
    job.refresh_from_db()
    assert job.state == Job.State.REFUSED


def test_a_command_that_fails_says_why(fixed):
    job, _engine = done(fixed, fails="no such file")
    assert (job.state, job.problem) == (Job.State.FAILED, "no such file")
    _marta, client = signed_in("marta", "reviewer")
    assert "no such file" in client.get("/training/").content.decode()


def test_without_a_fixed_set_nothing_is_trained(tmp_path):
    job = Job.objects.create()
    assert jobs.run(job.pk, FakeEngine(GOOD), tmp_path / "none.jsonl") == 1
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_staff_see_the_numbers_side_by_side(fixed):
    _job, _engine = done(fixed, after={"accuracy": 0.85})
    _marta, client = signed_in("marta", "reviewer")
    page = client.get("/training/").content.decode()
    assert "90.0 %" in page
    assert "85.0 %" in page
    assert "asilo" in page
    assert 'name="activate"' not in page  # no button for a model that is worse


def test_only_one_job_runs(monkeypatch):
    started = []
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda command, **_: started.append(command))
    user, client = signed_in("marta", "reviewer")
    client.post("/training/", {"start": "1"})
    client.post("/training/", {"start": "1"})
    assert len(started) == 1
    assert jobs.start(user) == Job.objects.get()


def test_figures_are_compared_with_a_little_room_for_chance():
    before = judge.figures(GOOD)
    assert judge.worse(before, before) == []
    assert judge.worse(before, {**before, "top3": 0.969}) == []
    assert judge.worse(before, {**before, "top3": 0.96}) == ["top3"]


def test_the_bot_works_on_a_copy_with_the_consoles_phrases(tmp_path):
    TrainingPhrase(language="es", label="tps", text="que onda con el tps", live=True).save()
    engine = BotEngine(tmp_path / "candidate")
    engine.prepare()
    text = (engine.folder / "data/nlu/es/protection.yml").read_text()
    assert "    - que onda con el tps\n" in text
    assert "que onda con el tps" not in (ROOT / "data/nlu/es/protection.yml").read_text()
    assert (engine.folder / "bot/__main__.py").exists()


def test_activation_gives_the_file_before_the_pointer(tmp_path, store):
    root = tmp_path / "root"
    engine = BotEngine(tmp_path / "candidate", root)
    (engine.folder / "models").mkdir(parents=True)
    (engine.folder / "models" / "faro-x.tar.gz").write_bytes(b"model")
    engine.activate("faro-x.tar.gz")
    assert (root / "models" / "faro-x.tar.gz").read_bytes() == b"model"
    assert store.get(LIVE_MODEL) == b"faro-x.tar.gz"
