"""The README's commands, one after the other, as a new user copies them."""
import os
import pathlib
import re
import shutil
import subprocess

from harness import EXECUTABLE, TOKEN, ProcessTest, main

TOP = pathlib.Path(__file__).resolve().parents[2]
README = (TOP / "README.md").read_text(encoding="utf-8")


class Readme(ProcessTest):
    def test_its_commands_do_what_it_says(self):
        sandbox = self.sandbox("--limit", "0")
        shutil.copy(TOP / "samples/clients.csv", self.folder / "clients.csv")
        (self.folder / "bin").mkdir()
        (self.folder / "bin/baseload").symlink_to(EXECUTABLE)
        environment = {**os.environ, "PATH": f"{self.folder}/bin:/usr/bin:/bin", "BASELOAD_TOKEN": TOKEN,
                       "STATE_DIRECTORY": str(self.folder / "state")}
        ran = []
        for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL):
            for command in map(str.strip, block.splitlines()):
                if command.startswith("export BASELOAD_TOKEN"):
                    continue
                done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment, capture_output=True, text=True,
                                      timeout=120, check=False)
                ran.append(command)
                # 1: the sample has faults on purpose.
                self.assertIn(done.returncode, (0, 1), f"{command}\n{done.stdout}{done.stderr}")
                if " init " in command:
                    job = self.folder / "shop.toml"
                    text = job.read_text(encoding="utf-8")
                    self.assertIn("[account]\n", text)
                    text = re.sub(r"\nurl = .*", "", text)
                    job.write_text(text.replace("[account]\n", f'[account]\nurl = "{sandbox.url}"\n', 1), encoding="utf-8")
                if "--limit-rows" in command:
                    self.assertEqual(len(sandbox.clients()), 20)
        self.assertGreater(len(ran), 11)
        self.assertGreater(len(sandbox.clients()), 20)
        self.assert_no_duplicates(sandbox)
        self.assertTrue((self.folder / "report.html").exists())

    def test_it_is_a_front_page_and_every_file_it_names_is_there(self):
        self.assertLessEqual(len(README.splitlines()), 150)
        for name in re.findall(r"`((?:config|src|tests|samples)/[\w./-]+)`", README) + re.findall(r"\]\((samples/[^)]+)\)", README):
            self.assertTrue((TOP / name).exists(), name)


main()
