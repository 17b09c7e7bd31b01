"""The cases of the package autobahntestsuite, which is written in Python 2, as classes that Python 3 runs.

A string of Python 2 is bytes. Its sources are read as Latin-1 here, where each character is one byte, and so a case's
strings stay what they were: one character for each byte on the wire.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import pathlib
import re
import sys
import types

FOLDER = pathlib.Path(importlib.util.find_spec("autobahntestsuite").submodule_search_locations[0]) / "case"
# 8 was never filled, 12 and 13 are about compression, which Hearsay does not offer. The suite runs 9.9.1 nowhere either.
MODULES = sorted(path.stem for path in FOLDER.glob("case*.py")
                 if re.match(r"case([1-7]|9|10)_", path.stem) and path.stem != "case9_9_1")

REWRITTEN = [
    (r"(?m)^( *)print .*$", r"\1pass"),            # talk of self-tests that nobody calls
    (r"\( *object *, *Case *,? *\)", "(Case,)"),   # an order of bases that Python 3 refuses
    (r"len\(self\.payload\) / ", "len(self.payload) // "),
    (r"binascii\.b2a_hex", "repr"),                # only for descriptions
]


class Source(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data, path, **options):
        text = data.decode("latin-1")
        for pattern, replacement in REWRITTEN:
            text = re.sub(pattern, replacement, text)
        return compile(text, path, "exec", dont_inherit=True)

    def get_code(self, name):  # past any compiled file that another reading has left
        return self.source_to_code(self.get_data(self.path), self.path)

    def exec_module(self, module):
        module.xrange = range
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    """The sources import each other by bare names, as Python 2 allowed."""

    def find_spec(self, name, path=None, target=None):
        file = FOLDER / f"{name}.py"
        if re.fullmatch(r"case(\d\w*)?", name) and file.exists():
            return importlib.util.spec_from_file_location(name, file, loader=Source(name, str(file)))


class Constants:
    """What the cases ask of the suite's own WebSocket class."""

    STATE_CLOSED, STATE_CONNECTING, STATE_CLOSING, STATE_OPEN = range(4)
    CLOSE_STATUS_CODE_NORMAL = 1000
    CLOSE_STATUS_CODE_PROTOCOL_ERROR = 1002
    CLOSE_STATUS_CODE_INVALID_PAYLOAD = 1007
    CLOSE_STATUS_CODES_ALLOWED = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011]


class Utf8Validator:
    """Asked only of beginnings of valid text: whether they end between two characters."""

    def reset(self):
        pass

    def validate(self, text):
        try:
            text.encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return True, False, 0, 0
        return True, True, 0, 0


def stand_in(name, **contents):
    module = types.ModuleType(name)
    vars(module).update(contents)
    sys.modules[name] = module


def classes():
    """All cases by their numbers, `1.1.1` first."""
    for name in ("autobahn", "autobahn.websocket"):
        stand_in(name, __path__=[])
    stand_in("autobahn.websocket.protocol", WebSocketProtocol=Constants)
    stand_in("autobahn.websocket.utf8validator", Utf8Validator=Utf8Validator)
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        modules = [importlib.import_module(name) for name in MODULES]
        base = importlib.import_module("case").Case
    finally:
        sys.meta_path.remove(finder)
    base.compare = lambda case, left, right: left == right
    found = {}
    for value in (value for module in modules for value in vars(module).values()):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, type) and issubclass(one, base) and one is not base:
                found[one.__name__.removeprefix("Case").replace("_", ".")] = one
    return {number: found[number] for number in sorted(found, key=lambda number: [int(part) for part in number.split(".")])}
