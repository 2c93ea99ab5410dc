"""The module of every figure: whole, with every name once."""

import re

import pytest

from course import widgets

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
def test_a_cell_shows_the_figure_and_carries_its_fallback(figure):
    """Does the display hold the live view, and HTML for pages without a kernel?"""
    bundle, _ = figure()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"] == figure().html()


@pytest.mark.parametrize("figure", FIGURES)
def test_a_misspelt_setting_is_named(figure):
    """Does an unknown name raise, with the names there are?"""
    with pytest.raises(TypeError, match="no setting 'scales'; it has .*scale"):
        figure(scales=2)
