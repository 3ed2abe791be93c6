"""Fails on an include that the table of rooms forbids (DESIGN, "The house")."""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "core": set(),
    "config": {"core"},
    "source": {"core"},
    "journal": {"core"},
    "api": {"core"},
    "mapping": {"core", "config"},
    "plan": {"core"},
    "run": {"core", "config", "source", "journal", "api", "mapping", "plan"},
    "report": {"core", "journal"},
    "sandbox": {"core", "api"},
}
# The command line may include everything.
MAY_INCLUDE["cli"] = set(MAY_INCLUDE)

INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)


def offences(root):
    for file in sorted([*root.glob("include/baseload/**/*.hpp"), *root.glob("src/**/*.[ch]pp")]):
        parts = file.relative_to(root).parts
        room = parts[2] if parts[0] == "include" else parts[1]
        if room not in MAY_INCLUDE:
            yield f"{file}: {room} is no room of the house"
            continue
        text = file.read_text(encoding="utf-8")
        for included in INCLUDE.findall(text):
            if included.startswith("baseload/"):
                other = included.split("/")[1]
                if other != room and other not in MAY_INCLUDE[room]:
                    yield f'{file}: {room} may not include "{included}"'
            elif f'"{included}"' not in text:
                continue  # a library's
            elif parts[0] == "include":
                yield f'{file}: a public header includes the private "{included}"'
            elif "/" in included:
                yield f'{file}: "{included}" is private to another room'


def main():
    root = pathlib.Path(sys.argv[1])
    found = list(offences(root))
    print("\n".join(found) or "every include keeps to the table")
    checked = len(list(root.glob("src/**/*.cpp")))
    if checked == 0:
        print("no sources found")
    sys.exit(1 if found or checked == 0 else 0)


main()
