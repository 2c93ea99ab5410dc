"""Are formulas shown without a script, and never as anything else?"""

from xml.etree import ElementTree

import pytest

from autograder.pipeline.html.formulas import TAGS, to_mathml

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"

LESSONS = [
    r"y_i = \sum_{t=0}^{k-1} x_{i+t}\, w_t \qquad i = 0, 1, \dots, n-k",
    r"\text{output length} = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1",
    r"\lfloor\;\rfloor",
    r"\begin{bmatrix}1 & 2 \\ 3 & 4\end{bmatrix}",
    r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
    r"\frac{\partial L}{\partial w} = \mathbf{X}^\top \hat{y}",
    r"x \star w, \quad \langle u, v \rangle \in \mathbb{R}^n",
]


@pytest.mark.parametrize("tex", LESSONS)
def test_what_the_lessons_use_is_converted(tex):
    """Does every construct of the lessons become well-formed MathML and leave no backslash?"""
    tree = ElementTree.fromstring(to_mathml(tex, block=True))
    assert tree.tag == f"{NAMESPACE}math"
    assert tree.get("display") == "block"
    assert {node.tag.removeprefix(NAMESPACE) for node in tree.iter()} <= TAGS
    assert "\\" not in "".join(tree.itertext())


def test_a_formula_has_its_symbols():
    """Are the letters and numbers in the result, in their order?"""
    text = "".join(ElementTree.fromstring(to_mathml(r"\frac{n-k}{s} < 12")).itertext())
    assert text.replace(" ", "") == "n−ks<12"


@pytest.mark.parametrize("tex", [r"\unheardof{x}", r"\frac{1}{", "a & b"])
def test_what_cannot_be_converted_is_shown_as_its_source(tex):
    """Does a macro that is not known show itself, not a broken formula?"""
    result = to_mathml(tex)
    assert result.startswith("<code>")
    assert tex.replace("&", "&amp;") in result


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\mathrm{<img src=x onerror=alert(1)>}",
        r"<script>alert(1)</script>",
        r"\text{&lt;script&gt;}",
    ],
)
def test_a_formula_cannot_hold_a_tag(tex):
    """Does the converter's own unescaping let a script through?"""
    result = to_mathml(tex)
    assert "<script" not in result
    assert "<img" not in result
    assert "javascript" not in result or "href" not in result.split(">")[0]
