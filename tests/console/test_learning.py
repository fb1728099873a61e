"""Train, evaluate, compare, activate: refused if anything that counts got worse."""

import fcntl
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from bot.runtime import keys
from bot.settings import ROOT
from console.content.models import TrainingPhrase
from console.learning import jobs, judge
from console.learning.engine import BotEngine, EngineError, Measured
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

    def prepare(self, phrases=()):
        self.done.append("prepare")
        self.learnt = [phrase.text for phrase in phrases]

    def train(self):
        if self.fails:
            raise EngineError(self.fails)
        return "faro-new.tar.gz"

    def measure(self, test, live):
        return Measured(GOOD if live else self.after, ["tps", "" if live else "asylum_us"])

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
    assert [(row["text"], row["before"], row["after"]) for row in job.changed] == [
        ("asilo", "", "asylum_us")
    ]
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


def labelled(user, text="que onda con el tps"):
    """Return what the inbox makes of a question somebody labelled."""
    return TrainingPhrase.objects.create(
        language="es", label="tps", text=text, from_inbox=True, added_by=user, live=False
    )


def test_who_labelled_a_phrase_does_not_let_its_model_answer_people(fixed):
    marta, client = signed_in("marta", "reviewer")
    phrase = labelled(marta)
    job, engine = done(fixed)
    assert engine.learnt == ["que onda con el tps"]
    page = client.get("/training/").content.decode()
    assert "que onda con el tps" in page
    assert "Otra persona las lee" in page
    assert 'name="activate"' not in page
    with pytest.raises(EngineError, match="otra persona"):
        jobs.activate(job, marta, engine)
    phrase.refresh_from_db()
    assert not phrase.live  # an export writes nothing that one person alone has seen
    julia, other = signed_in("julia", "reviewer")
    assert 'name="activate"' in other.get("/training/").content.decode()
    jobs.activate(job, julia, engine)
    phrase.refresh_from_db()
    assert phrase.live
    assert "que onda con el tps" not in other.get("/training/").content.decode()


def test_what_is_labelled_while_a_model_is_trained_waits_for_the_next(fixed):
    marta, _client = signed_in("marta", "reviewer")
    labelled(marta)
    job, engine = done(fixed)
    later = labelled(marta, "y el tps de mi hijo")
    julia, _other = signed_in("julia", "reviewer")
    jobs.activate(job, julia, engine)
    later.refresh_from_db()
    assert not later.live
    assert done(fixed)[1].learnt == ["y el tps de mi hijo"]


def test_a_phrase_is_taken_out_and_its_model_is_not_activated(fixed):
    marta, _client = signed_in("marta", "reviewer")
    phrase = labelled(marta)
    job, engine = done(fixed)
    julia, other = signed_in("julia", "reviewer")
    other.post("/training/", {"take-out": phrase.pk})
    assert not TrainingPhrase.objects.filter(pk=phrase.pk).exists()
    with pytest.raises(EngineError, match="Entrená otra vez"):
        jobs.activate(job, julia, engine)


def test_approved_phrases_are_not_taken_out():
    _julia, client = signed_in("julia", "reviewer")
    approved = TrainingPhrase.objects.filter(label="tps").first()
    client.post("/training/", {"take-out": approved.pk})
    assert TrainingPhrase.objects.filter(pk=approved.pk).exists()


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


@pytest.mark.parametrize("works", [True, False])
def test_a_job_that_ended_with_its_container_does_not_hold_up_the_next(works):
    job = Job.objects.create(began_at=timezone.now() - timedelta(minutes=5))
    job.at("train", 10)
    _marta, client = signed_in("marta", "reviewer")
    with jobs._lock().open("a") as lock:
        if works:
            fcntl.flock(lock, fcntl.LOCK_EX)
        page = client.get("/training/").content.decode()
    assert ('name="start"' in page) is not works
    assert ("Entrená otra vez" in page) is not works
    job.refresh_from_db()
    assert job.state == (Job.State.RUNNING if works else Job.State.FAILED)


def test_figures_are_compared_with_a_little_room_for_chance():
    before = judge.figures(GOOD)
    assert judge.worse(before, before) == []
    assert judge.worse(before, {**before, "top3": 0.966}) == []
    assert judge.worse(before, {**before, "top3": 0.96}) == ["top3"]
    assert judge.worse(before, {**before, "wrong_answers": 0.034}) == []
    assert judge.worse(before, {**before, "wrong_answers": 0.036}) == ["wrong_answers"]


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
    engine.prepare([labelled(None, "y el tps de mi hijo")])
    text = (engine.folder / "data/nlu/es/protection.yml").read_text()
    assert "    - que onda con el tps\n" in text
    assert "    - y el tps de mi hijo\n" in text
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


def test_a_command_that_the_system_ended_says_that_memory_may_be_short(tmp_path, store):
    root = tmp_path / "root"
    (root / "bot").mkdir(parents=True)
    (root / "bot/__init__.py").touch()
    (root / "bot/__main__.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    (root / "models").mkdir()
    (root / "models/faro-a.tar.gz").write_bytes(b"a")
    engine = BotEngine(tmp_path / "candidate", root)
    engine.prepare()
    with pytest.raises(EngineError, match=r"«train».*memoria"):
        engine.train()


COUNTING = """
import json, pathlib, sys
pathlib.Path(sys.argv[sys.argv.index("--out") + 1]).write_text('{"label": "tps"}\\n')
runs = pathlib.Path(__file__).parents[2] / "runs"
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
print("loading", json.dumps({"accuracy": 0.5}), sep="\\n")
"""


def test_a_model_is_measured_once(tmp_path, fixed, store):
    """A stand-in for the bot's command counts how often it is run."""
    root = tmp_path / "root"
    (root / "bot").mkdir(parents=True)
    (root / "models").mkdir()
    (root / "bot/__init__.py").touch()
    (root / "bot/__main__.py").write_text(COUNTING)
    (root / "models/faro-a.tar.gz").write_bytes(b"a")
    engine = BotEngine(tmp_path / "candidate", root)
    for _job in range(2):
        engine.prepare()
        assert engine.measure(fixed, live=True) == Measured({"accuracy": 0.5}, ["tps"])
    assert (tmp_path / "runs").read_text() == "x"
    fixed.write_text(fixed.read_text() + "\n")
    engine.measure(fixed, live=True)  # other messages
    (engine.baseline / "models/faro-a.tar.gz").write_bytes(b"b")
    engine.measure(fixed, live=True)  # another model
    assert (tmp_path / "runs").read_text() == "xxx"


def test_activation_gives_the_model_to_every_machine(engine, store):
    (engine.folder / "models").mkdir(parents=True)
    (engine.folder / "models" / "faro-x.tar.gz").write_bytes(b"model")
    engine.activate("faro-x.tar.gz")
    assert store.get(keys.LIVE_MODEL) == b"faro-x.tar.gz"
    assert store.get(keys.model_file("faro-x.tar.gz")) == b"model"


def test_a_model_is_in_the_store_as_long_as_it_answers(engine, store):
    """A container that begins after weeks has no other place to get it from."""
    (engine.folder / "models").mkdir(parents=True)
    for name in ("faro-x.tar.gz", "faro-y.tar.gz"):
        (engine.folder / "models" / name).write_bytes(b"model")
        engine.activate(name)
        engine.activate(name)  # twice: a button may be pressed so
        assert store.ttl(keys.model_file(name)) == -1
    assert 0 < store.ttl(keys.model_file("faro-x.tar.gz")) <= keys.MODEL_FOR
