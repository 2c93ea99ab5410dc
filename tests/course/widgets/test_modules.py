"""The module of every figure: whole, with every name once."""

import json
import re
from functools import cache

import pytest

from course import widgets
from course.widgets.base import STATIC, in_order

FIGURES = [getattr(widgets, name) for name in widgets.__all__]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_fallback_is_one_script_that_loads_nothing(figure):
    """Is the module whole: no import left, one default export, no address, no early end?"""
    script = figure().html().split('<script type="module">')[1]
    assert script.count("</script>") == 1
    assert script.count("export default") == 1
    assert not re.search(
        r"^\s*import\b|\bimport\(|https?:(?!//www\.w3\.org/2000/svg)", script, re.M
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_every_name_of_the_module_is_its_own(figure):
    """The files stand side by side in one module: is no top-level name defined twice?"""
    names = re.findall(r"^(?:export )?(?:function|class|const|let) (\w+)", figure._esm, re.M)
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("figure", FIGURES)
def test_the_module_knows_a_figure_made_without_settings(figure):
    """Do its name and usual settings stand in the module, those of the constructor first?"""
    known = json.loads(re.search(r"^const PYTHON = (.*);$", figure._esm, re.M)[1])
    state = json.loads(json.dumps(figure().state()))
    if figure is widgets.DrawDigit:
        state["network"] = None  # the course's own, which is large
    assert known == {"name": figure.__name__, "figure": figure.figure, "usual": state}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_cell_shows_the_figure_and_carries_its_fallback(figure):
    """Is it HTML that names the kernel's model, and begins with a line for a hidden output?"""
    shown = figure()
    bundle = shown._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/html"].replace(f' data-model="{shown.name}"', "") == figure().html()
    assert bundle["text/html"].split("\n")[0] == f"Figure {figure.__name__}"


@pytest.mark.parametrize("figure", FIGURES)
def test_a_misspelt_setting_is_named(figure):
    """Does an unknown name raise, with the names there are?"""
    with pytest.raises(TypeError, match="no setting 'scales'; it has .*scale"):
        figure(scales=2)


@cache
def texts():
    """Return the figures' files by their names."""
    return {path.name: path.read_text("utf-8") for path in sorted(STATIC.glob("*.js"))}


@cache
def exported(text):
    """Return what a file gives to others."""
    return set(re.findall(r"^export (?:function|class|const|let) (\w+)", text, re.M))


@pytest.mark.parametrize("name", texts())
def test_a_file_imports_what_it_uses(name):
    """The order of a module comes from its files' imports: are they complete, and without error?"""
    files = texts()
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", files[name], flags=re.DOTALL)
    imported = {}
    for names, file in re.findall(r'^import \{([^}]*)\} from "\./(\w+\.js)";', files[name], re.M):
        imported |= dict.fromkeys(re.findall(r"\w+", names), file)
    assert {n for n, file in imported.items() if n not in exported(files[file])} == set()
    own = set(re.findall(r"\b(?:function|class|const|let)\s+(\w+)", text))
    own |= set(re.findall(r"^ +(?:static |get )?(\w+)\([^()]*\) \{", text, re.M))  # methods
    own |= set(re.findall(r"[(,{]\s*(\w+)\s*(?=[,)}=])", text))  # parameters
    others = {n for file, other in files.items() if file != name for n in exported(other)}
    used = set(re.findall(r"(?<![\w.])(\w+)\(", text)) & (others - own)
    assert used <= set(imported)


def test_files_stand_below_what_they_import():
    """Are a figure's files in an order in which each finds what it needs?"""
    order = in_order("col2im.js")
    assert order[-1] == "col2im.js"
    for number, name in enumerate(order):
        needed = re.findall(r'from "\./(\w+\.js)"', texts()[name])
        assert set(needed) <= set(order[:number])


def test_a_circle_of_files_is_named(tmp_path, monkeypatch):
    """Does a file that needs itself, by way of another, raise with the way?"""
    for name, needed in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.js").write_text(f'import {{ x }} from "./{needed}.js";\n')
    monkeypatch.setattr("course.widgets.base.STATIC", tmp_path)
    with pytest.raises(ValueError, match=r"a\.js imports b\.js imports a\.js"):
        in_order("a.js")
