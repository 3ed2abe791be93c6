"""Files in extra fields: sent when they are new or changed, and else left alone."""
import base64
import os

from harness import Job, ProcessTest, main

CONTENT = bytes(range(256)) * 40  # its base64 has every letter of that alphabet
FILE_FIELD = '[extra_fields]\n"107" = { file = "Umowa", folder = "." }\n'


class Files(ProcessTest):
    def shop(self, *options, extra=FILE_FIELD):
        sandbox = self.sandbox("--limit", "0", *options)
        job = Job(self.folder, sandbox.url, fields='login = "Kod"\nemail = "E-mail"\n' + extra)
        (self.folder / "umowy").mkdir()
        return sandbox, job

    def write(self, job, *names):
        job.write([{"Kod": f"K{i}", "E-mail": f"k{i}@example.pl", "Umowa": name} for i, name in enumerate(names)],
                  ["Kod", "E-mail", "Umowa"])

    @staticmethod
    def stored(sandbox, at=0):
        extra = sandbox.clients()[at][1].get("custom_extra_fields") or {}
        kept = extra.get("107")
        return None if kept is None else (kept["title"], base64.b64decode(kept["file"].removeprefix("data:")))

    def test_a_file_is_sent_once_and_again_when_its_content_changes(self):
        sandbox, job = self.shop()
        file = self.folder / "umowy" / "K0.pdf"
        file.write_bytes(CONTENT)
        self.write(job, "umowy\\K0.pdf")  # as Windows writes it
        self.assert_summary(job.run(), 0, created=1)
        self.assertEqual(self.stored(sandbox), ("K0.pdf", CONTENT))
        self.assert_summary(job.run(), 0, unchanged=1)

        os.utime(file)  # another time, the same content
        self.assert_summary(job.run(), 0, unchanged=1)
        self.assertEqual(sandbox.requests(), 2)  # one asked whether there are clients

        before = file.stat()
        file.write_bytes(CONTENT[::-1])  # another content under the old name, size and time
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.assertEqual(len(job.json("plan").said["updates"]), 1)
        self.assert_summary(job.run(), 0, updated=1)
        self.assertEqual(self.stored(sandbox), ("K0.pdf", CONTENT[::-1]))

        self.write(job, "#N/A")
        self.assert_summary(job.run(), 0, updated=1)
        self.assertIsNone(self.stored(sandbox))

    def test_a_field_that_holds_files_needs_its_folder(self):
        _, job = self.shop(extra='[extra_fields]\n"Umowa" = "Umowa"\n')
        self.write(job, "K0.pdf")
        done = job.run()
        self.assertEqual(done.returncode, 2)
        self.assertIn('{ file = "Umowa", folder = "…" }', done.stderr)
        job.set('"Umowa" = "Umowa"', '"Umowa" = { file = "Umowa" }')
        done = job.run()
        self.assertEqual(done.returncode, 2)
        self.assertIn("needs the folder", done.stderr)

    def test_no_cell_can_name_a_secret(self):
        """Neither a file of baseload's own, nor what a link leads to, however the folder is chosen."""
        sandbox, job = self.shop()
        (self.folder / "token").write_text("sandbox-token")
        (self.folder / "token").chmod(0o600)
        job.set("[account]\n", '[account]\ntoken_file = "token"\n')
        outside = self.folder / ".." / (self.folder.name + ".outside")
        outside.write_bytes(b"secret")
        self.addCleanup(outside.unlink)
        (self.folder / "link.pdf").symlink_to("/etc/passwd")
        (self.folder / "relative.pdf").symlink_to(outside)
        (self.folder / "umowy" / "up").symlink_to("..")
        (self.folder / "hard.pdf").hardlink_to(self.folder / "token")
        self.write(job, "token", "job.toml", "job.journal", "link.pdf", "relative.pdf", "umowy/up/token", "hard.pdf")
        self.assert_summary(job.run(), 1, rejected=7)
        self.assertEqual(sandbox.requests(), 0)

    def test_a_field_of_another_kind_takes_no_file(self):
        _, job = self.shop(extra='[extra_fields]\n"Segment" = { file = "Umowa", folder = "." }\n')
        self.write(job, "K0.pdf")
        done = job.run()
        self.assertEqual(done.returncode, 2)
        self.assertIn("holds no files", done.stderr)

    def test_what_is_no_file_to_send_is_a_fault_of_its_row(self):
        sandbox, job = self.shop()
        (self.folder / "empty.pdf").write_bytes(b"")
        (self.folder / "large.pdf").write_bytes(b"x" * ((2 << 20) + 1))
        (self.folder / ("długa-nazwa-" * 4 + ".pdf")).write_bytes(b"x")
        os.mkfifo(self.folder / "pipe.pdf")
        outside = self.folder / ".." / (self.folder.name + ".outside")
        outside.write_bytes(b"secret")
        self.addCleanup(outside.unlink)
        self.write(job, "missing.pdf", "empty.pdf", "large.pdf", "długa-nazwa-" * 4 + ".pdf", "pipe.pdf", "umowy",
                   "../" + outside.name, "/etc/passwd", "C:\\umowy\\K0.pdf", "umowy/../../" + outside.name)
        done = job.run("--rejects", "rejects.csv")
        self.assert_summary(done, 1, rejected=10)
        self.assertEqual(sandbox.requests(), 0)
        rejects = (self.folder / "rejects.csv").read_text(encoding="utf-8")
        for word in ("there is no", "is empty", "2,097,152", "a title holds 40", "is no file of the folder"):
            self.assertIn(word, rejects)

    def test_a_long_name_is_cut_before_its_ending_when_the_job_says_so(self):
        sandbox, job = self.shop(extra='[extra_fields]\n"107" = { file = "Umowa", folder = ".", overflow = "truncate" }\n')
        name = "zażółć" * 10 + "🙂.pdf"
        (self.folder / name).write_bytes(CONTENT)
        self.write(job, name)
        self.assert_summary(job.run(), 0, created=1)
        self.assertEqual(self.stored(sandbox), (("zażółć" * 10)[:36] + ".pdf", CONTENT))

    def test_a_create_without_an_answer_is_found_without_its_file(self):
        silent, job = self.shop("--faults", "drop-after=1")
        (self.folder / "K0.pdf").write_bytes(CONTENT * 100)
        self.write(job, "K0.pdf")
        self.assertEqual(job.run().returncode, 0)  # found by its other fields
        self.assertLess(job.journal.stat().st_size, len(CONTENT) * 50)  # the intent keeps no bytes of it
        silent.stop()
        sandbox = self.sandbox("--limit", "0", port=silent.port)
        done = job.run()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(sandbox.clients()), 1)
        self.assertEqual(self.stored(sandbox), ("K0.pdf", CONTENT * 100))
        self.assert_summary(job.run(), 0, unchanged=1)

    def test_undo_says_that_a_file_cannot_be_put_back(self):
        _, job = self.shop()
        job.set("[key]", "[journal]\nbackup = true\n[key]")
        file = self.folder / "K0.pdf"
        file.write_bytes(CONTENT)
        self.write(job, "K0.pdf")
        self.assert_summary(job.run(), 0, created=1)
        file.write_bytes(CONTENT[::-1])
        self.assert_summary(job.run(), 0, updated=1)
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual(done.said["restored"], 0, done.stdout)
        self.assertIn("cannot be put back", done.stdout + done.stderr)


if __name__ == "__main__":
    main()
