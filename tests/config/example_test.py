"""config/example.toml has every option that the job reader knows, and loads. The manual shows it (config/packaging.cmake)."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

EXECUTABLE = sys.argv[1]
TOP = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = TOP / "config" / "example.toml"


class Example(unittest.TestCase):
    def test_every_option_stands_in_it(self):
        known = set()
        for source in ("job_file.cpp", "field_rules.cpp"):
            text = (TOP / "src" / "config" / source).read_text(encoding="utf-8")
            known |= set(re.findall(r'table\.(?:text|integer|boolean|duration|choice|share|find)\("(\w+)"', text))
            known |= set(re.findall(r'section\(root, "(\w+)"', text))
        self.assertGreater(len(known), 40)
        text = EXAMPLE.read_text(encoding="utf-8")
        missing = [name for name in sorted(known) if not re.search(rf"\b{name}\b( =|\])", text)]
        self.assertEqual(missing, [])

    def test_it_loads(self):
        with tempfile.TemporaryDirectory() as folder:
            job = pathlib.Path(folder) / "example.toml"
            job.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
            (job.parent / "clients.csv").write_text("Kod;E-mail\n1;a@b.pl\n", encoding="utf-8")
            shown = subprocess.run([EXECUTABLE, "preview", str(job)], capture_output=True, text=True, timeout=60)
            self.assertEqual(shown.returncode, 0, shown.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
