"""Train, evaluate, compare, activate: refused if anything that counts got worse."""

import json

import pytest

from bot.runtime import keys
from bot.settings import ROOT
from console.content.models import TrainingPhrase
from console.learning import jobs, judge
from console.learning.engine import BotEngine, EngineError
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


@pytest.fixture
def engine(tmp_path, store):
    """The real engine on a root that has the code and a stand-in for a model."""
    root = tmp_path / "root"
    (root / "models").mkdir(parents=True)
    for part in ("bot", "data"):
        (root / part).symlink_to(ROOT / part)
    (root / "models" / "faro-files.tar.gz").write_bytes(b"of the files")
    return BotEngine(tmp_path / "candidate", root)


def test_the_bot_works_on_a_copy_with_the_consoles_phrases(engine):
    TrainingPhrase(language="es", label="tps", text="que onda con el tps", live=True).save()
    engine.prepare()
    text = (engine.folder / "data/nlu/es/protection.yml").read_text()
    assert "    - que onda con el tps\n" in text
    for other in (ROOT, engine.baseline):
        assert "que onda con el tps" not in (other / "data/nlu/es/protection.yml").read_text()
    assert (engine.folder / "bot/__main__.py").exists()


def test_it_is_compared_with_the_model_that_answers_people(engine, store):
    engine.prepare()
    models = engine.baseline / "models"
    assert [path.name for path in models.iterdir()] == ["faro-files.tar.gz"]
    store.set(keys.LIVE_MODEL, "faro-staff.tar.gz")
    store.set(keys.model_file("faro-staff.tar.gz"), b"of staff")
    engine.prepare()
    assert [path.name for path in models.iterdir()] == ["faro-staff.tar.gz"]
    assert (models / "faro-staff.tar.gz").read_bytes() == b"of staff"


def test_activation_gives_the_model_to_every_machine(engine, store):
    (engine.folder / "models").mkdir(parents=True)
    (engine.folder / "models" / "faro-x.tar.gz").write_bytes(b"model")
    engine.activate("faro-x.tar.gz")
    assert store.get(keys.LIVE_MODEL) == b"faro-x.tar.gz"
    assert store.get(keys.model_file("faro-x.tar.gz")) == b"model"
