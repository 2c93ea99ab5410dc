"""Compare names of people as different systems spell them."""

import unicodedata


def composed(name: str) -> str:
    """Return a name in the one spelling that its letters have in most systems.

    A Mac writes an accent as a character of its own; the same person is not two.
    """
    return unicodedata.normalize("NFC", name)


def squashed(text: str) -> str:
    """Return letters, marks and digits of a text alone, in one width and in small letters.

    Examples
    --------
    >>> squashed("O'Neil, Zoë"), squashed("Ｚｏｅ O’Neil")
    ('oneilzoë', 'zoeoneil')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LMN")


def name_keys(name: str) -> frozenset[str]:
    """Return what two spellings of one name have in common.

    One key has the first name first, the others the last name first, which may begin at any of the
    words.  They differ in their sign, so that Kim Lee and Lee Kim stay two people.

    Parameters
    ----------
    name : "Kim Lee", or "Lee, Kim"

    Examples
    --------
    >>> sorted(name_keys("Ada Lovelace")), sorted(name_keys("Lovelace, Ada"))
    (['<adalovelace', '>lovelaceada'], ['<adalovelace', '>lovelaceada'])
    >>> name_keys("Kim Lee") & name_keys("Lee Kim")
    frozenset()
    """
    last, comma, first = name.partition(",")
    if comma and first.strip():
        return frozenset({f"<{squashed(first + last)}", f">{squashed(last + first)}"})
    words = name.split()
    turned = [words[at:] + words[:at] for at in range(1, len(words))] or [words]
    keys = {f"<{squashed(name)}", *(f">{squashed(' '.join(w))}" for w in turned)}
    return frozenset(key for key in keys if len(key) > 1)


def sortable_keys(name: str) -> frozenset[str]:
    """Return the keys of a name that has its last name first and no sign between, as Canvas's."""
    return frozenset({f">{squashed(name)}"}) if squashed(name) else frozenset()
