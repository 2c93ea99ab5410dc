"""What every figure of the course shares: its module, its checks, and its use without a kernel.

A figure is one Python class and plain files in ``static/``. `compose` puts those files one
after another into the one ES module; nothing is bundled or downloaded. A notebook shows a figure
as HTML with that module in it, so that it still works when it is opened again, exported or shown
as slides. While there is a kernel, anywidget runs the module too and links the two: what a learner
chooses can be read in Python, and what Python sets is drawn.
"""

import inspect
import json
import re
import uuid
from html import escape
from pathlib import Path

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"

# One file may import from another by name; in the one module they stand side by side.
LOCAL_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)


class BadValue(ValueError, traitlets.TraitError):
    """A value that a figure cannot draw; the message says what would do."""


def compose(main, *styles, **constants):
    """Put a figure's files into one ES module, each after all that it imports.

    Parameters
    ----------
    main : str
        The figure's own file in ``static/``, as ``"im2col.js"``. What it imports by name, and
        what that imports, comes before it.
    *styles : str
        Style sheets in ``static/``, in their order; together they become the constant ``STYLE``.
    **constants
        Other constants of the module, by name: what JSON can carry.

    Returns
    -------
    str
        Source of an ES module, readable as it stands.

    Examples
    --------
    >>> compose("controls.js", "shared.css").count("\\nimport ")
    0
    """
    constants = {"STYLE": "".join(_read(name) for name in styles), **constants}
    parts = [f"const {name} = {json.dumps(value)};\n" for name, value in constants.items()]
    for name in in_order(main):
        parts.append(f"// ===== {name} =====\n" + LOCAL_IMPORT.sub("", _read(name)))
    return "\n".join(parts)


def in_order(main):
    """List a file and all that it needs, each after what it imports.

    Raises
    ------
    ValueError
        When files import each other in a circle.

    Examples
    --------
    >>> in_order("controls.js")
    ['shared.js', 'controls.js']
    """
    done = []

    def add(name, above):
        if name in above:
            raise ValueError(f"{' imports '.join([*above, name])}: a circle of imports")
        for needed in LOCAL_IMPORT.findall(_read(name)):
            if needed not in done:
                add(needed, [*above, name])
        done.append(name)

    add(main, [])
    return done


def _read(name):
    return (STATIC / name).read_text(encoding="utf-8")


class Checked(traitlets.TraitType):
    """A trait whose value goes through one checking function, shared with the page.

    Parameters
    ----------
    check : callable
        Takes the trait's name and a value; returns the value to keep, or raises `BadValue`.
    default : object
        The value before any other.
    """

    def __init__(self, check, default):
        self.check = check
        super().__init__(default_value=default, allow_none=True)
        self.tag(sync=True)

    def validate(self, obj, value):
        return self.check(self.name, value)


class Figure(anywidget.AnyWidget):
    """A figure that runs in the page; subclasses name their files and their tables.

    Subclasses define the class attributes `figure` (the main file's name without ``.js``),
    `_esm` (from `compose`), and the method `tables`.
    """

    figure = ""
    name = traitlets.Unicode().tag(sync=True)
    _from_page = False

    def __init_subclass__(cls, **rest):
        if isinstance(vars(cls).get("_esm"), str):
            python = {"name": cls.__name__, "figure": cls.figure, "usual": cls._usual()}
            cls._esm = f"const PYTHON = {json.dumps(python)};\n{cls._esm}"
        super().__init_subclass__(**rest)

    @classmethod
    def _usual(cls):
        """Return the settings of a figure that is made without any, as plain values."""
        traits = {
            name: trait
            for base in reversed(cls.__mro__)
            for name, trait in vars(base).items()
            if isinstance(trait, Checked)
        }
        usual = {name: trait.default_value for name, trait in traits.items()}
        for name, parameter in inspect.signature(cls.__init__).parameters.items():
            if name in traits and parameter.default is not None:
                usual[name] = traits[name].check(name, parameter.default)
        return usual

    def __init__(self, **values):
        known = [name for name, trait in self.traits().items() if isinstance(trait, Checked)]
        for name, value in values.items():
            if name in known:
                values[name] = self.traits()[name].check(name, value)
            elif not self.has_trait(name):
                raise TypeError(
                    f"{type(self).__name__} has no setting {name!r}; it has {', '.join(known)}."
                )
        super().__init__(**values)

    @traitlets.default("name")
    def _own_name(self):
        return uuid.uuid4().hex

    def state(self):
        """Return the settings as plain values: what the page needs to draw the figure."""
        return {
            name: getattr(self, name)
            for name, trait in sorted(self.traits().items())
            if isinstance(trait, Checked)
        }

    def set_state(self, sync_data):
        """Take over values from the page, leaving out any that cannot be drawn.

        A slider linked to a figure in the page may run past what the figure can show. That is
        nobody's error in a cell, so nothing is raised.
        """
        legal = {}
        for name, value in sync_data.items():
            trait = self.traits().get(name)
            try:
                legal[name] = trait.check(name, value) if isinstance(trait, Checked) else value
            except BadValue:
                continue
        self._from_page = True
        try:
            super().set_state(legal)
        finally:
            self._from_page = False

    def tables(self):
        """Return the figure as static HTML tables, for readers without scripts."""
        raise NotImplementedError

    def html(self, name=""):
        """Return the figure as HTML: its tables, and the script that makes it live.

        It needs no kernel and no network; with scripts off, the tables stay.

        Parameters
        ----------
        name : str
            The name of a kernel's model that the figure follows while there is one.
        """
        data = {"figure": self.figure, "state": json.dumps(self.state()), "model": name}
        return "\n".join(
            [
                # JupyterLab shows the first line alone where an output is hidden.
                f"Figure {type(self).__name__}",
                self.host(data, self.tables()),
                f'<script type="module">\n{self.script()}\n</script>\n',
            ]
        )

    def host(self, data, tables):
        """Return the element that the figure comes to life in, with `tables` until it does.

        Parameters
        ----------
        data : dict of str to str
            Its ``data-`` attributes; what is empty is left out.
        tables : str
            HTML.
        """
        data = " ".join(f'data-{key}="{escape(value)}"' for key, value in data.items() if value)
        style = (STATIC / "fallback.css").read_text(encoding="utf-8")
        return "\n".join(
            [
                f'<div class="course-figure" {data}>',
                f'<div class="figure-tables">\n<style>{style}</style>\n{tables}\n</div>',
                "</div>",
            ]
        )

    def script(self):
        """Return the module that brings every figure of this kind in the page to life."""
        return f'{self._esm}\nstartFigures("{self.figure}", render);'

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.state().items())
        return f"{type(self).__name__}({settings})"

    def _repr_mimebundle_(self, **kwargs):
        # No view of the kernel's model: a host that knows one shows nothing else, and nothing at
        # all once the kernel is gone.
        return {"text/plain": repr(self), "text/html": self.html(self.name)}
