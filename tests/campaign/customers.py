"""The customers of the campaign, and what the service is to hold of each. The harness must be importable."""
import unicodedata

import harness
from harness import customer, stored
from stored_form import in_form

COLUMNS = [*harness.COLUMNS, "Telefon"]

# Surnames that come back otherwise than they were sent, by the form that the service stores.
SURNAMES = ["Gęślą-Jaźń", "O'Neill &amp; \"Syn\" <Jr>", unicodedata.normalize("NFD", "Bélafonté Żółć"), "Straße  Yıldızlar",
            "Zero\u200bWidth \u00a0 Wąs", "McDONALD & Co"]


def row(number, version):
    """A customer; some share an address in part, some have none, some hold what the service cannot."""
    changes = {"Imię": f"Zażółć v{version}", "Nazwisko": f"{SURNAMES[number % len(SURNAMES)]} {number}",
               "Telefon": "" if number % 4 == 0 else f"+48 (600) {number:06}-{number % 100:02}"}
    if number % 17 == 0:
        changes["Kod"] = f"K{number:05} Łódź & Syn"
    if number % 7 == 0:
        changes["E-mail"] = ""
    elif number % 5 == 0:
        changes["E-mail"] = f"x-klient{number - 1}@example.pl"  # has another's as its part
    if number % 11 == 0:
        changes["Nazwisko"] = "😀 Emotikon"
    if number % 13 == 0:
        changes["Uwagi"] = ""
    return customer(number, **changes)


def expected(row_, key_field, changes):
    """The client as the service stores it, which makes these changes."""
    client = {**stored(row_), "phone": row_["Telefon"]}
    client[key_field] = client.pop("login")
    return {name: in_form(changes, name, text.replace("😀", "?")) for name, text in client.items() if text}


def key_shown(client):
    """Of a client of the sandbox: its row's key, in the form in which it is stored."""
    return client.get("login") or client["invoice_address"]
