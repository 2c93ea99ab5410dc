"""Is a class's archive read as each system makes it, and is nothing unpacked that should not be?"""

import random
import unicodedata
import zipfile

import nbformat
import pytest
from tiny_course import LESSON, RIGHT, solved

from autograder import CommandError
from autograder.pipeline import records
from autograder.pipeline.grading.run import grade_lesson, open_course
from autograder.pipeline.inbox import archive, unpack
from autograder.pipeline.inbox.archive import from_archive
from autograder.pipeline.inbox.submitted import inbox
from autograder.pipeline.inbox.timestamps import known_as
from autograder.words import shown
from tests.attacks import archives


def read(path):
    """Return learner -> what they handed in."""
    return {name: hand() for name, hand in from_archive(path, LESSON).items()}


def contents(path):
    """Return learner -> the bytes of their notebook."""
    return {name: handed.content for name, handed in read(path).items()}


def test_moodle(tmp_path):
    """Are Moodle's folders and files told by the learner's name, the lesson's file first?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"Ada Lovelace_31337_assignsubmission_file_/{LESSON}.ipynb": b"ada",
            "Ada Lovelace_31337_assignsubmission_file_/zz other.ipynb": b"not this",
            "Ada Lovelace_31337_assignsubmission_file_/notes.txt": b"",
            "Zoë O'Neil_4_assignsubmission_file_my work.ipynb": b"zoe",
        },
    )
    assert contents(path) == {"Ada Lovelace": b"ada", "Zoë O'Neil": b"zoe"}
    assert [handed.note for handed in read(path).values()] == ["", "read from my work.ipynb"]


def test_who_handed_in_something_else_is_not_left_out(tmp_path):
    """Has a learner whose file is no notebook a status that names the file?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"Ada Lovelace_31337_assignsubmission_file_/{LESSON}.ipynb": b"ada",
            "Ada Lovelace_31337_assignsubmission_file_/zz.pdf": b"%PDF-1.7",
            "Paul Essay_31340_assignsubmission_file_/essay.pdf": b"%PDF-1.7",
            "Ann Text_31341_assignsubmission_onlinetext_/onlinetext.html": b"",
            "essaypaul_7003_900_essay.docx": b"",
            "README.txt": b"",
        },
    )
    found = read(path)
    assert {name: handed.status for name, handed in found.items()} == {
        "Ada Lovelace": "",
        "Ann Text": records.UNREADABLE,
        "Paul Essay": records.UNREADABLE,
        "essaypaul": records.UNREADABLE,
    }
    reason = "essay.pdf is a PDF, not the notebook; hand in the file .ipynb"
    assert found["Paul Essay"].reason == reason


def test_two_people_of_one_name(tmp_path):
    """Do people whom the system calls alike stay two people?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            "Kim Lee_1_assignsubmission_file_a.ipynb": b"one",
            "Kim Lee_2_assignsubmission_file_a.ipynb": b"two",
        },
    )
    assert contents(path) == {"Kim Lee_1": b"one", "Kim Lee_2": b"two"}


def test_canvas(tmp_path):
    """Are late and repeated submissions of Canvas's names told, and does the last one count?"""
    path = archives.archive(
        tmp_path / "submissions.zip",
        {
            f"lovelaceada_7001_900_{LESSON}.ipynb": b"first",
            f"lovelaceada_7001_1200_{LESSON}-1.ipynb": b"second",
            f"babbagecharles_LATE_7002_901_{LESSON}.ipynb": b"late",
            "babbagecharles_LATE_7002_950_notes.pdf": b"",
        },
    )
    assert contents(path) == {"babbagecharles": b"late", "lovelaceada": b"second"}
    assert [handed.note for handed in read(path).values()] == ["late", ""]


@pytest.mark.parametrize("top", ["", "submitted/", "class/submissions/", f"{LESSON}/"])
def test_nbgraders_tree(tmp_path, top):
    """Is a zipped submitted/ read wherever in the archive it lies, with its times?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"{top}ann/{LESSON}/{LESSON}.ipynb": b"ann",
            f"{top}ann/{LESSON}/timestamp.txt": b"2026-03-01 12:00:00 UTC",
            f"{top}ann/{LESSON}/.ipynb_checkpoints/{LESSON}-checkpoint.ipynb": b"old",
            f"__MACOSX/{top}ann/{LESSON}/._{LESSON}.ipynb": b"mac",
            f"{top}bob/{LESSON}/mine.ipynb": b"bob",
        },
    )
    found = read(path)
    assert {name: handed.content for name, handed in found.items()} == {
        "ann": b"ann",
        "bob": b"bob",
    }
    assert found["ann"].timestamp == "2026-03-01 12:00:00 UTC"


def test_plain_names(tmp_path):
    """Does a file without any system's name belong to its folder, else to who it is named after?"""
    path = archives.archive(tmp_path / "class.zip", {"ann/work.ipynb": b"1", "bob.ipynb": b"2"})
    assert contents(path) == {"ann": b"1", "bob": b"2"}


def test_a_class_is_graded_from_its_archive(root, judged, blank, tmp_path):
    """Is the whole way gone, and does a later empty folder take no grade away?"""
    right = nbformat.writes(solved(blank, **RIGHT)).encode()
    path = archives.archive(
        tmp_path / "class.zip",
        {
            "Ada Lovelace_1_assignsubmission_file_/x.ipynb": right,
            "Bo Bad_2_assignsubmission_file_/x.ipynb": right[:100],
        },
    )
    course = open_course(root)
    rows, _ = grade_lesson(course, LESSON, submitted=path)
    assert {row.student: (row.record.status, row.score) for row in rows} == {
        "Ada Lovelace": ("graded", 5), "Bo Bad": ("unreadable", None),
    }  # fmt: skip
    rows, unchanged = grade_lesson(course, LESSON, submitted=path)
    assert unchanged == {"Ada Lovelace"}
    rows, _ = grade_lesson(course, LESSON)
    assert {row.student: row.record.status for row in rows} == {
        "Ada Lovelace": "graded", "Bo Bad": "unreadable",
    }  # fmt: skip


SLIPS = {
    "up": f"../../{LESSON}.ipynb",
    "up within": f"ann/../../{LESSON}.ipynb",
    "absolute": f"/etc/{LESSON}.ipynb",
    "drive": f"C:/{LESSON}.ipynb",
    "backslashes": f"..\\..\\{LESSON}.ipynb",
}


@pytest.mark.parametrize("name", SLIPS.values(), ids=SLIPS.keys())
def test_zip_slip(tmp_path, name):
    """Is an archive refused whose names lead elsewhere, with the name that does?"""
    path = archives.archive(tmp_path / "slip.zip", {name: b"{}", "ann/x.ipynb": b"{}"})
    with pytest.raises(CommandError, match="is refused: a name in it"):
        from_archive(path, LESSON)
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "student", "status"),
    [
        (f"eve\n[9|9] bob/{LESSON}.ipynb", "eve\\n[9|9] bob", records.UNREADABLE),
        (f"{'e' * 300}/{LESSON}.ipynb", known_as("e" * 300), records.UNREADABLE),
        (f"Eve Ox_7_assignsubmission_file_/..\\..\\{LESSON}.ipynb", "Eve Ox", ""),
        (f"./eve//{LESSON}.ipynb", "eve", ""),
    ],
)
def test_an_odd_name_costs_its_learner_alone(tmp_path, name, student, status):
    """Is everybody else's notebook read, and this one where it can be told whose it is?"""
    path = archives.archive(tmp_path / "class.zip", {name: b"{}", "ann/x.ipynb": b"{}"})
    found = read(path)
    assert {who: handed.status for who, handed in found.items()} == {student: status, "ann": ""}
    assert {who: handed.student for who, handed in found.items()} == {w: w for w in found}


def test_an_archive_that_windows_made(tmp_path):
    """Are backslashes between folders taken for what they are, and an empty name for nothing?"""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in (f"ann\\{LESSON}\\x.ipynb", f"bob\\{LESSON}\\x.ipynb", ""):
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            made.writestr(info, name.encode())
    assert contents(path) == {
        name: f"{name}\\{LESSON}\\x.ipynb".encode() for name in ("ann", "bob")
    }


def test_a_link_in_an_archive(tmp_path):
    """Does a link, which could show another's work or the gradebook, cost only its learner?"""
    path = archives.with_link(tmp_path / "link.zip", f"ann/{LESSON}.ipynb", "/etc/passwd")
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("bob/x.ipynb", b"fine")
    found = read(path)
    assert found["ann"].status == records.UNREADABLE
    assert "is a link" in found["ann"].reason
    assert found["bob"].content == b"fine"


FORGED = "Bob Bee_456_assignsubmission_file_"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"Eve Ox_7_assignsubmission_file_/{FORGED}x.ipynb", "Eve Ox"),
        (f"Eve Ox_7_assignsubmission_file_/{FORGED}/x.ipynb", "Eve Ox"),
        (f"Eve Ox_7_assignsubmission_file_/Bob Bee/{LESSON}/{LESSON}.ipynb", "Eve Ox"),
        (f"Eve Ox_7_assignsubmission_file_{FORGED}x.ipynb", "Eve Ox"),
        (f"eve_7_9_{FORGED}x.ipynb", "eve"),
        (f"eve_7_9_bob_456_12_{LESSON}.ipynb", "eve"),
        (f"eve/{FORGED}/x.ipynb", "eve"),
        (f"eve/{LESSON}/bob_456_12_{LESSON}.ipynb", "eve"),
        (f"eve/bob/{LESSON}/{LESSON}.ipynb", "eve"),
        (f"eve/submitted/bob/{LESSON}/{LESSON}.ipynb", "eve"),
    ],
)
def test_who_handed_in_is_not_told_by_what_a_learner_named(tmp_path, name, student):
    """Does a file or folder that is named as somebody else stay its sender's?"""
    path = archives.archive(tmp_path / "class.zip", {name: b"eve", "ann/x.ipynb": b"ann"})
    assert contents(path) == {student: b"eve", "ann": b"ann"}


@pytest.mark.parametrize("unpack", [False, True])
@pytest.mark.parametrize("top", ["", "submitted/"])
def test_a_name_that_begins_with_a_dot_is_somebodys(tmp_path, top, unpack):
    """Is everybody told whose name or file is hidden, and nobody else?"""
    path = archives.archive(
        tmp_path / "class.zip",
        {
            f"{top}. Budi_5_assignsubmission_file_/x.ipynb": b"{}",
            f"{top}.net Kim_6_assignsubmission_file_/x.ipynb": b"{}",
            f"{top}Zoë_7_assignsubmission_file_/.x.ipynb": b"{}",
            f"{top}.anna/x.ipynb": b"{}",
            f"{top}.anna/.ipynb_checkpoints/x-checkpoint.ipynb": b"{}",
            f"{top}.bob.ipynb": b"{}",
            f"{top}._cy.ipynb": b"{}",
            f"{top}.~dan.ipynb": b"{}",
            f"{top}.DS_Store": b"",
            f"{top}.git/config": b"",
            f"{top}.ipynb_checkpoints/x-checkpoint.ipynb": b"{}",
            f"{top}.vscode/settings.json": b"",
        },
    )
    if unpack:
        zipfile.ZipFile(path).extractall(tmp_path / "class")
        path = tmp_path / "class"
    found = inbox(path, LESSON)
    assert {name: read().status for name, read in found.items()} == {
        "Budi": "", "net Kim": "", "Zoë": records.MISSING,
        ".anna": records.UNREADABLE, ".bob": records.UNREADABLE,
    }  # fmt: skip
    assert found.left == [".vscode/settings.json"]
    assert found["Zoë"]().reason.endswith("; .x.ipynb is hidden: hand in the notebook itself")


def test_what_lies_beside_the_folder_around_all_is_nobodys(tmp_path):
    """Does a file above the learners' folders stop nobody?"""
    entries = {"README.txt": b"", f"submitted/ann/{LESSON}/x.ipynb": b"ann"}
    path = archives.archive(tmp_path / "class.zip", entries)
    assert contents(path) == {"ann": b"ann"}
    assert from_archive(path, LESSON).left == ["README.txt"]


@pytest.mark.parametrize("form", ["{}/" + LESSON + "/x.ipynb", "{}/x.ipynb", "{}.ipynb"])
def test_two_spellings_of_an_accent_are_two_learners(root, judged, blank, tmp_path, form):
    """Is nobody's work lost where two entries look alike, and does one alone stay who it was?"""
    right = nbformat.writes(solved(blank, **RIGHT)).encode()
    names = [unicodedata.normalize(kind, "zoë") for kind in ("NFC", "NFD")]
    entries = {form.format(name): right for name in names} | {form.format("ann"): right}
    path = archives.archive(tmp_path / "class.zip", entries)
    for _ in range(2):
        rows, _ = grade_lesson(open_course(root), LESSON, submitted=path)
        assert {row.student: row.score for row in rows} == {"ann": 5, names[0]: 5, names[1]: 5}
    path = archives.archive(tmp_path / "mac.zip", {form.format(names[1]): right})
    assert list(from_archive(path, LESSON)) == [names[0]]


def test_two_entries_of_one_name_are_nobodys(tmp_path):
    """Is neither of two people graded whom nothing but a name tells apart?"""
    path = archives.archive(
        tmp_path / "class.zip", {"ann/x.ipynb": b"1", "ann.ipynb": b"2", "bob.ipynb": b"3"}
    )
    found = read(path)
    assert (found["ann"].status, found["ann"].content) == (records.UNREADABLE, None)
    assert "nobody's grade is written on a guess" in found["ann"].reason
    assert found["bob"].content == b"3"


def test_one_folder_around_all_may_be_a_learners(tmp_path):
    """Is it asked whether the one folder at the top is a learner's who named others in it?"""
    path = archives.archive(tmp_path / "class.zip", {f"eve/bob/{LESSON}/x.ipynb": b"eve"})
    with pytest.raises(CommandError, match="whose they are cannot be told"):
        from_archive(path, LESSON)


@pytest.mark.parametrize(
    "name",
    ["山田\u3000太郎", "Jean\xa0Dupont", "نمی\u200cدانم", "ქართული", "Zoe\u0308", "A\u2009B"],
)
def test_honest_names_in_any_script_are_read(tmp_path, name):
    """Is a name with spaces of any width, joiners or accents a learner's, in one spelling?"""
    path = archives.archive(tmp_path / "class.zip", {f"{name}/x.ipynb": b"1", "bob.ipynb": b"2"})
    assert contents(path) == {unicodedata.normalize("NFC", name): b"1", "bob": b"2"}


@pytest.mark.parametrize("inside", ["\x1b[31mred", "a\nb", "\u202egpj"])
def test_control_characters_below_a_learners_folder_are_escaped(tmp_path, inside):
    """Is an archive read though one learner's file forges a line, and is that shown escaped?"""
    path = archives.archive(
        tmp_path / "class.zip", {f"eve/{inside}.ipynb": b"1", "bob/x.ipynb": b"2"}
    )
    found = read(path)
    assert found["bob"].content == b"2"
    assert found["eve"].note == shown(found["eve"].note)


def test_any_way_of_packing_may_be_damaged(tmp_path):
    """Does a damaged LZMA or bzip2 entry cost only its learner?"""
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        path = tmp_path / f"{method}.zip"
        with zipfile.ZipFile(path, "w", method) as made:
            made.writestr("ann/x.ipynb", random.Random(1).randbytes(2000))
            made.writestr("bob/x.ipynb", b"fine")
        content = bytearray(path.read_bytes())
        at = content.index(b"ann/x.ipynb") + len("ann/x.ipynb")
        content[at + 4 : at + 60] = b"\xff" * 56
        path.write_bytes(content)
        found = read(path)
        assert found["ann"].status == records.UNREADABLE
        assert found["bob"].content == b"fine"


def test_zip_bombs_cost_only_themselves(tmp_path, monkeypatch):
    """Are bombs, honest about their size or not, unreadable for little work, the rest read?"""
    monkeypatch.setattr(unpack, "BYTES_MAX", 8 << 20)
    noise = random.Random(1).randbytes(9 << 20)
    for path, why in (
        (archives.bomb(tmp_path / "a.zip", "ann/x.ipynb", 4 << 20), "200 times its size"),
        (archives.lying_bomb(tmp_path / "b.zip", "ann/x.ipynb", 3 << 20), "damaged"),
        (archives.archive(tmp_path / "c.zip", {"ann/x.ipynb": noise}), "at most 8 are read"),
    ):
        with zipfile.ZipFile(path, "a") as made:
            made.writestr("bob/x.ipynb", b"fine")
        found = read(path)
        assert found["ann"].status == records.UNREADABLE, path
        assert why in found["ann"].reason, path
        assert found["bob"].content == b"fine"


def test_caps_of_the_whole_archive(tmp_path, monkeypatch):
    """Are too many files, and too much in all, refused before anything is read?"""
    path = archives.archive(tmp_path / "class.zip", {f"s{i}/x.ipynb": b"{}" * 50 for i in range(9)})
    monkeypatch.setattr(archive, "ENTRIES_MAX", 8)
    with pytest.raises(CommandError, match="has 9 files; at most 8"):
        from_archive(path, LESSON)
    monkeypatch.setattr(archive, "ENTRIES_MAX", 9)
    monkeypatch.setattr(archive, "TOTAL_MAX", 899)
    with pytest.raises(CommandError, match="unpacks to more than"):
        from_archive(path, LESSON)


def test_damaged_and_encrypted_files(tmp_path):
    """Does one bad file in the archive cost only its learner?"""
    path = archives.archive(tmp_path / "a.zip", {"ann/x.ipynb": b"abc" * 99, "bob/x.ipynb": b"b"})
    content = bytearray(path.read_bytes())
    content[content.index(b"ann/x.ipynb") + len("ann/x.ipynb") + 3] ^= 0xFF
    path.write_bytes(content)
    found = read(path)
    assert "damaged" in found["ann"].reason
    assert found["bob"].content == b"b"
    at = content.index(b"PK\x01\x02") + 8
    content[at] |= 1
    path.write_bytes(content)
    assert "encrypted" in read(path)["ann"].reason


def test_what_is_no_archive_is_told(tmp_path):
    """Do a text file, an archive without notebooks and no file at all end in a sentence?"""
    text = tmp_path / "class.zip"
    text.write_text("not a zip")
    with pytest.raises(CommandError, match="neither a notebook nor a zip archive"):
        inbox(text, LESSON)
    with pytest.raises(CommandError, match="holds no notebook"):
        inbox(archives.archive(tmp_path / "empty.zip", {"a/readme.txt": b""}), LESSON)
    with pytest.raises(CommandError, match="There is no"):
        inbox(tmp_path / "nowhere.zip", LESSON)


def test_a_single_notebook(root, judged, blank, tmp_path):
    """Is one notebook graded for the learner who is named, or whose name it has?"""
    content = nbformat.writes(solved(blank, **RIGHT)).encode()
    (tmp_path / "zoe.ipynb").write_bytes(content)
    place = tmp_path / "kim" / LESSON
    place.mkdir(parents=True)
    (place / "any.ipynb").write_bytes(content)
    course = open_course(root)

    def graded(path, *students):
        rows, _ = grade_lesson(course, LESSON, submitted=path, students=students)
        return {row.student: row.score for row in rows}

    assert graded(tmp_path / "zoe.ipynb") == {"zoe": 5}
    assert graded(tmp_path / "zoe.ipynb", "ann") == {"ann": 5}
    assert graded(place / "any.ipynb") == {"kim": 5}
