"""Fails on an include that the table of rooms forbids, and on modules that include each other in a circle.

A room is a folder below src and include/baseload; a module is a header and the source of the same name. Rooms on one
level do not include each other. src/README.md draws the same table.
"""
import pathlib
import re
import sys

LEVELS = [
    {"core": "what everything speaks of"},
    {"database": "SQL"},
    {"config": "the job", "source": "the file", "journal": "the memory", "api": "the service"},
    {"mapping": "row to client", "plan": "what a row needs"},
    {"session": "one conversation with one account"},
    {"survey": "the first pass"},
    {"import": "the second pass", "maintenance": "other changes", "report": "what people read", "sandbox": "a stand-in"},
    {"cli": "the commands"},
]
# Where a room may include less than all that lies below it.
NARROWER = {
    "source": {"core"},
    "mapping": {"core", "config"},
    "plan": {"core"},
    "session": {"core", "database", "config", "journal", "api", "plan"},
    "report": {"core", "journal"},
    "sandbox": {"core", "api"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)


def table():
    below = set()
    allowed = {}
    for level in LEVELS:
        for room in level:
            allowed[room] = NARROWER.get(room, set(below))
            if not allowed[room] <= below:
                raise SystemExit(f"{room} may not include what does not lie below it: {allowed[room] - below}")
        below |= set(level)
    return allowed


MAY_INCLUDE = table()


def place_of(root, file):
    """The room of a file, and the path of its module within the room."""
    parts = file.relative_to(root).parts
    parts = parts[2:] if parts[0] == "include" else parts[1:]
    return parts[0], "/".join(parts[1:]).rsplit(".", 1)[0]


def included_place(room, module, included):
    """The room and module that a quoted include means; no room for a library's header."""
    if included.startswith("baseload/"):
        other, _, rest = included.removeprefix("baseload/").partition("/")
        return other, rest.removesuffix(".hpp")
    if "/" in included:
        other, _, rest = included.partition("/")
        return (other, rest.removesuffix(".hpp")) if other in MAY_INCLUDE else (None, None)
    folder = module.rpartition("/")[0]
    return room, (folder + "/" if folder else "") + included.removesuffix(".hpp")


def examine(root):
    """What is wrong with single includes, and which module includes which."""
    offences = []
    graph = {}
    for file in sorted([*root.glob("include/baseload/**/*.hpp"), *root.glob("src/**/*.[ch]pp")]):
        room, module = place_of(root, file)
        if room not in MAY_INCLUDE:
            offences.append(f"{file}: {room} is no room of the house")
            continue
        text = file.read_text(encoding="utf-8")
        edges = graph.setdefault((room, module), set())
        for included in INCLUDE.findall(text):
            is_public = included.startswith("baseload/")
            if not is_public and f'"{included}"' not in text:
                continue  # a library's
            other, other_module = included_place(room, module, included)
            if other is None:
                continue
            if other != room and other not in MAY_INCLUDE[room]:
                offences.append(f'{file}: {room} may not include "{included}"')
            elif not is_public and other != room:
                offences.append(f'{file}: "{included}" is private to another room')
            elif not is_public and file.is_relative_to(root / "include"):
                offences.append(f'{file}: a public header includes the private "{included}"')
            elif (other, other_module) != (room, module):
                edges.add((other, other_module))
    return offences, graph


def circles(graph):
    """Each circle of modules once, found by a walk in depth."""
    state = {}
    found = []

    def walk(node, path):
        state[node] = "open"
        for after in sorted(graph.get(node, ())):
            if state.get(after) == "open":
                knot = path[path.index(after):] if after in path else [node]
                found.append(" → ".join(f"{r}/{m}" for r, m in [*knot, after]))
            elif after not in state:
                walk(after, [*path, after])
        state[node] = "done"

    for node in sorted(graph):
        if node not in state:
            walk(node, [node])
    return [f"modules that include each other: {knot}" for knot in found]


def main():
    root = pathlib.Path(sys.argv[1])
    offences, graph = examine(root)
    found = offences + circles(graph)
    print("\n".join(found) or f"{len(graph)} modules: every include keeps to the table, and none leads back")
    sys.exit(1 if found or not graph else 0)


main()
