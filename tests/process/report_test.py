"""What a run leaves for people and monitors: the HTML report in a real browser, the JSON by its schema, the metrics.

With BASELOAD_SCREENSHOTS=FOLDER the pages' pictures are kept; BASELOAD_PICTURE=samples/report.png makes the README's.
"""
import csv
import json
import os
import pathlib
import re
import subprocess

import jsonschema
from selenium import webdriver
from selenium.webdriver.common.by import By

from harness import COLUMNS, EXECUTABLE, Job, ProcessTest, customer, main

SCHEMA = json.loads((pathlib.Path(__file__).parents[2] / "config/run.schema.json").read_text())
OUTCOMES = ["created", "updated", "unchanged", "rejected", "in_doubt", "not_reached", "skipped"]


class Browser:
    """Headless Chromium without a network of its own."""

    def __init__(self, width, dark=False):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--host-resolver-rules=MAP * ~NOTFOUND", f"--window-size={width},1000"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=webdriver.chrome.service.Service("/usr/bin/chromedriver"), options=options)
        # Narrower than a window may be.
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 600})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                    {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def __enter__(self):
        return self.driver

    def __exit__(self, *_):
        self.driver.quit()


def luminance(colour):
    channels = [int(c) / 255 for c in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Reports(ProcessTest):
    def counts(self, driver):
        return {row.get_attribute("data-outcome"): int(row.get_attribute("data-count"))
                for row in driver.find_elements(By.CSS_SELECTOR, "tr[data-outcome]")}

    def rows_shown(self, driver):
        return [row for row in driver.find_elements(By.CSS_SELECTOR, "#rejected1 tbody tr") if row.is_displayed()]

    def test_the_page_of_a_run_in_a_browser(self):
        sandbox = self.sandbox("--limit", "0", "--faults", "block=0.03", "--block", "2s", "--seed", "7")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(40)])
        job.run()
        rows = [customer(n, **({"E-mail": f"nowy{n}@example.pl"} if n < 5 else {})) for n in range(60)]
        rows.append(customer(90, **{"E-mail": "<script>alert(1)</script>"}))
        rows += [customer(n, Kraj="Atlantyda") for n in range(100, 103)]
        job.write(rows)
        done = job.run("--report", "report.html")
        self.assertEqual(done.returncode, 1, done.stderr)
        page = (self.folder / "report.html").as_uri()
        for width in (360, 1280):
            for dark in (False, True):
                with self.subTest(width=width, dark=dark), Browser(width, dark) as driver:
                    driver.get(page)
                    self.assertEqual([e for e in driver.get_log("browser") if e["level"] == "SEVERE"], [])
                    self.assertEqual(self.counts(driver), done.summary["outcomes"])
                    self.assertIn("4 rows are rejected", driver.find_element(By.CLASS_NAME, "verdict").text)
                    # Nothing is wider than the screen, but what scrolls in a box of its own.
                    self.assertLessEqual(driver.execute_script("return document.documentElement.scrollWidth"), width)
                    body = driver.find_element(By.TAG_NAME, "body")
                    ground = body.value_of_css_property("background-color")
                    self.assertEqual(luminance(ground) < 0.5, dark)
                    for part in ("body", ".quiet", "td", "code", ".plot text"):
                        element = driver.find_element(By.CSS_SELECTOR, part)
                        colour = element.value_of_css_property("fill" if part.startswith(".plot") else "color")
                        self.assertGreaterEqual(contrast(colour, ground), 4.5, part)
                    self.assertEqual(len(driver.find_elements(By.TAG_NAME, "h1")), 1)
                    self.assertEqual(len(driver.find_elements(By.CSS_SELECTOR, "svg[role=img][aria-label]")), 2)
                    self.assertEqual(len(self.rows_shown(driver)), 4)
                    self.assertIn("<script>alert(1)</script>", driver.find_element(By.ID, "rejected1").text)
                    search = driver.find_element(By.ID, "search1")
                    search.send_keys("atlantyda")
                    self.assertEqual(len(self.rows_shown(driver)), 3)
                    self.assertEqual(driver.find_element(By.ID, "found1").text, "3 rows")
                    if folder := os.environ.get("BASELOAD_SCREENSHOTS"):
                        search.clear()
                        search.send_keys(" \b")
                        height = driver.execute_script("return document.documentElement.scrollHeight")
                        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                               {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
                        driver.save_screenshot(f"{folder}/report-{width}-{'dark' if dark else 'light'}.png")
        if picture := os.environ.get("BASELOAD_PICTURE"):
            with Browser(760) as driver:
                driver.get(page)
                driver.save_screenshot(picture)
        # Later, from the journal: the same but for the cells, which it does not keep.
        self.assertEqual(job.call("report", "-o", "later.html").returncode, 0)
        later = (self.folder / "later.html").read_text(encoding="utf-8")
        self.assertNotIn("alert(1)", later)
        self.assertNotIn("Atlantyda", later)
        with Browser(1280) as driver:
            driver.get((self.folder / "later.html").as_uri())
            self.assertEqual(self.counts(driver), done.summary["outcomes"])
            self.assertEqual(len(self.rows_shown(driver)), 4)
        self.assertEqual(job.call("report", "--run", "1").stdout.count("<h1>"), 1)
        self.assertIn("has no run 9", job.call("report", "--run", "9").stderr)

    def test_a_hundred_thousand_rejects_do_not_freeze_the_page(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n, **{"E-mail": "zly"}) for n in range(100_000)])
        done = job.run("--report", "report.html", "--first-run")
        self.assertEqual(done.summary["rejected"], 100_000)
        self.assertLess((self.folder / "report.html").stat().st_size, 1_000_000)
        with Browser(1280) as driver:
            driver.get((self.folder / "report.html").as_uri())
            self.assertEqual(len(self.rows_shown(driver)), 500)
            self.assertIn("the first 500 of 100,000", driver.find_element(By.TAG_NAME, "main").text)

    def test_runs_are_told_in_one_shape_which_the_schema_describes(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(3)] + [customer(9, Kraj="?")])
        told = [job.run().summary]
        job.write([customer(0, Uwagi="nowe")])
        told += [job.run("--limit-rows", "1").summary, job.run(str(self.folder / "absent.csv")).summary]
        kept = [json.loads(line) for line in job.call("runs", "--json").stdout.splitlines()]
        for run in told + kept:
            jsonschema.validate(run, SCHEMA, format_checker=jsonschema.FormatChecker())
            self.assertEqual(sum(run[name] for name in OUTCOMES), run["records"])
        # What the history says of a run is what the run has said.
        self.assertEqual(kept[:2], told[:2])
        self.assertEqual(told[2]["exit_code"], 2)

    def test_metrics_are_as_prometheus_wants_them(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, name="shop")
        job.write([customer(n) for n in range(3)])
        summary = job.run("--metrics", "baseload.prom").summary
        text = (self.folder / "baseload.prom").read_text(encoding="utf-8")
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
        self.assertIn('outcome="created"} 3\n', text)
        self.assertRegex(text, r'baseload_run_exit_code\{baseload_job=".*/shop.toml",account="default"\} 0\n')
        self.assertEqual(summary["created"], 3)
        # Of a run that is refused too, or the last good one would be shown for ever.
        job.source.unlink()
        self.assertEqual(job.run("--metrics", "baseload.prom").returncode, 2)
        self.assertRegex((self.folder / "baseload.prom").read_text(encoding="utf-8"), r"baseload_run_exit_code\{.*\} 2\n")


main()
