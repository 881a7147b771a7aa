"""Stand-ins for libraries that are not here, such as a plotting library in a notebook.

Importing one is no error; using one is, with a message that says so.
"""

from __future__ import annotations

from typing import Any, NoReturn


class MissingLibraryError(ImportError):
    """A library that is not available while grading was used."""


class Placeholder:
    """What an import that failed is bound to."""

    def __init__(self, name: str) -> None:
        self.__dict__["_placeholder_name"] = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        _refuse(f"{self._placeholder_name}.{attribute}")

    def __call__(self, *arguments: object, **named: object) -> NoReturn:
        """Refuse, with the name of the library."""
        _refuse(self._placeholder_name)

    def __setattr__(self, attribute: str, value: object) -> NoReturn:
        _refuse(f"{self._placeholder_name}.{attribute}")

    def __getitem__(self, key: object) -> NoReturn:
        _refuse(self._placeholder_name)

    def __iter__(self) -> NoReturn:
        _refuse(self._placeholder_name)


def _refuse(name: str) -> NoReturn:
    library = name.partition(".")[0]
    raise MissingLibraryError(
        f"{name} was used, but {library} is not available while grading: "
        "only Python's standard library, numpy and the files of the exercise are"
    )
