"""Clean HTML: what a learner's output or text may show to others.

Scripts, style sheets, forms and links to files elsewhere are removed; inline pictures stay.
"""

import functools
import html
import re

import nh3
from pygments.token import STANDARD_TYPES

_TAGS = """
p div span h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot
tr th td pre code em strong b i u s del ins sub sup small mark kbd samp abbr q blockquote hr
br a img figure figcaption details summary
"""
# Removed with all that is in them; their content is no text.
_DROPPED = """
script style template noscript iframe object embed svg math title textarea select
xmp noembed noframes plaintext audio video canvas link meta base form
"""
TAGS, DROPPED = frozenset(_TAGS.split()), _DROPPED.split()
# Colours of highlighted code, and what the course's own checks and figures use.  Other classes
# could borrow the look of a page's own scores and buttons.
CLASSES = frozenset({"highlight", *STANDARD_TYPES.values()} - {""})
OWN_CLASS = re.compile(r"(?:check|report|figure|widget)-[\w-]+")
STYLES = {
    *("color", "background-color", "text-align", "vertical-align", "white-space"),
    *("font-weight", "font-style", "font-family", "font-variant-numeric", "text-decoration"),
    *("font-size", "line-height"),
    *("border", "border-top", "border-right", "border-bottom", "border-left"),
    *("border-collapse", "border-color", "border-style", "border-width", "padding"),
}
# Of these, what would fill screens is left out: a number's most, by its unit.
SIZES = re.compile(r"font-size|line-height|padding|border.*")
MOST = {"px": 100, "pt": 75, "em": 6, "rem": 6, "ex": 12, "ch": 12, "%": 300, "": 360}
NUMBER = re.compile(r"[-+]?([0-9.]+(?:e[-+]?[0-9]+)?)([a-z]*|%)")
COLOUR = re.compile(r"\b(?:rgba?|hsla?|var)\(")
ATTRIBUTES = {
    "*": {
        *("class", "title", "alt", "style", "scope", "lang", "dir", "role", "aria-label", "open"),
        *("colspan", "rowspan", "start", "width", "height"),
    },
    "a": {"href"},
    "img": {"src"},
}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)


# A browser's parser opens what formats text again in each paragraph, as long as it is not closed,
# and looks through all that is open at each tag: text and time grow with the products of these.
FORMATS = re.compile(
    r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b", re.IGNORECASE
)
MOST_TAGS, MOST_OPENED = 20_000, 1_000_000
# As nh3 writes a picture.
IMG = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
IMG_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@functools.lru_cache(maxsize=128)  # a lesson's figures show the same tables to everyone
def clean_html(source: str) -> str:
    """Return `source` with harmless tags and attributes only; pictures only where inline.

    What has too many tags for a page is shown as it was typed.

    Examples
    --------
    >>> clean_html('<b onclick="x()">bold</b><script>alert(1)</script>')
    '<b>bold</b>'
    >>> clean_html('<img src="https://example.org/tracker.png" alt="a dot">')
    '[a dot: not shown]'
    """
    if has_too_many_tags(source):
        return as_typed(source)
    # nh3's parser takes time in proportion to the text, up to these many tags.
    text = _allowed_alone(source)
    return _allowed_alone(IMG.sub(_picture, text)) if "<img" in text else text


def has_too_many_tags(source: str) -> bool:
    """Tell whether to clean the text could take more than a second or 200 MiB."""
    tags = source.count("<")
    return tags > MOST_TAGS or tags * len(FORMATS.findall(source)) > MOST_OPENED


def as_typed(source: str) -> str:
    """Return a text as HTML that shows it letter by letter."""
    return f"<pre>{html.escape(source)}</pre>\n"


def _picture(match: re.Match) -> str:
    """Leave a picture that may be shown; put its description in the place of another."""
    attributes = dict(IMG_ATTRIBUTE.findall(match[1]))
    if attributes.get("src"):
        return match[0]
    described = html.unescape(attributes.get("alt", "")) or "picture"
    return f"[{html.escape(described)}: not shown]"


def _allowed_alone(source: str) -> str:
    return nh3.clean(
        source,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties=STYLES,
        link_rel=None,
    )


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None where it may not stay."""
    if name == "class":
        may = all(word in CLASSES or OWN_CLASS.fullmatch(word) for word in value.split())
    elif tag == "img" and name == "src":
        may = PICTURE.fullmatch(value) is not None
    elif tag == "a" and name == "href":
        # A relative link would lead to what was handed in beside the notebook.
        may = LINK.match(value) is not None
    elif name == "style":
        return _small_style(value)
    elif name in ("colspan", "rowspan", "start", "width", "height"):
        may = value.isdigit() and len(value) < 5 and int(value) <= 2000
    else:
        may = True
    return value if may else None


def _small_style(value: str) -> str | None:
    """Return a style without sizes that would fill screens, None where it is written to hide."""
    if "\\" in value:
        return None
    parts = re.sub(r"/\*.*?(?:\*/|$)", " ", value, flags=re.DOTALL).split(";")
    return ";".join(part for part in parts if _is_small(*part.lower().partition(":")[::2]))


def _is_small(name: str, value: str) -> bool:
    if not SIZES.fullmatch(name.strip()):
        return True
    if "(" in COLOUR.sub("", value):
        return False  # calc() and its like
    for word in re.split(r"[\s,()/]+", value):
        found = NUMBER.fullmatch(word)
        if found is None:
            continue
        try:
            # Only a line's height is a number of lines; others without a unit are of colours.
            most = 10 if name.strip() == "line-height" and not found[2] else MOST[found[2]]
            if float(found[1]) > most:
                return False
        except (KeyError, ValueError):
            return False
    return True
