"""Writes a file of made-up customers: 22 columns, UTF-8, semicolons, about 289 bytes a row, a line break inside quotes
in 3 % of the records. The same numbers make the same bytes.

    customers.py FILE ROWS [--step N] [--change-every N]

A customer is known by his number. `--step 2` has the even numbers alone; `--change-every 1000` gives every thousandth
row another telephone number. Written in a process of its own, so that the benchmark itself stays small: what a process
holds counts as the memory of its children.
"""
import argparse
import json
import sys
import urllib.parse

SEED = 20_250_913
FIRST_NAMES = ["Anna", "Łukasz", "Katarzyna", "Paweł", "Małgorzata", "Stanisław", "Zofia", "Michał",
               "Agnieszka", "Jerzy"]
LAST_NAMES = ["Kowalska", "Nowak", "Wiśniewska", "Wójcik", "Dąbrowska", "Lewandowski", "Zielińska",
              "Brzęczyszczykiewicz", "Gęś", "Mazur", "Krawczyk"]
TRADES = ["Piekarnia", "Usługi Budowlane", "Księgarnia", "Auto-Serwis", "Hurtownia Spożywcza", "Kwiaciarnia",
          "Zakład Stolarski"]
STREETS = ["ul. Świętego Ducha", "ul. Długa", "al. Niepodległości", "ul. Żwirki i Wigury", "os. Kościuszkowskie",
           "ul. Łąkowa"]
PLACES = [("Kraków", "małopolskie", "30"), ("Łódź", "łódzkie", "90"), ("Gdańsk", "pomorskie", "80"),
          ("Wrocław", "dolnośląskie", "50"), ("Rzeszów", "podkarpackie", "35")]
COLUMNS = ["Kod", "E-mail", "Telefon", "Imię", "Nazwisko", "Firma", "NIP", "Ulica", "Kod pocztowy", "Miasto",
           "Województwo", "Kraj", "Odbiorca", "Dostawa adres", "Dostawa kod", "Dostawa miasto", "Dostawa kraj", "Uwagi",
           "Dostawa firma", "Segment", "Od kiedy", "Rabat"]
# The fields that a job sends, 18 of them, and how each is made of the columns.
FIELDS = {"login": "Kod", "email": "E-mail", "phone": "Telefon", "notes": "Uwagi", "invoice_fullname": "{Imię} {Nazwisko}",
          "invoice_company": "Firma", "invoice_tax_id": "NIP", "invoice_address": "Ulica",
          "invoice_postcode": "Kod pocztowy",
          "invoice_city": "Miasto", "invoice_state": "Województwo", "invoice_country_code": "Kraj",
          "delivery_fullname": "Odbiorca", "delivery_company": "Dostawa firma", "delivery_address": "Dostawa adres",
          "delivery_postcode": "Dostawa kod", "delivery_city": "Dostawa miasto", "delivery_country_code": "Dostawa kraj"}
TAX_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def tax_id(number):
    """A Polish tax id with its check digit; those whose digit would be 10 are not given."""
    while True:
        digits = f"{number % 900_000_000 + 100_000_000}"
        check = sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, digits)) % 11
        if check < 10:
            return f"{digits}{check}"
        number += 1


def cells(n, changed):
    """The cells of customer n, in the order of COLUMNS."""
    mixed = (n * 2_654_435_761 + SEED) & 0xFFFF_FFFF  # so that neighbours differ, as customers do
    first, last = FIRST_NAMES[mixed % 10], LAST_NAMES[mixed // 10 % 11]
    city, state, post = PLACES[mixed // 110 % 5]
    street = f"{STREETS[mixed // 550 % 6]} {mixed % 190 + 1}"
    postcode = f"{post}-{mixed % 1000:03}"
    notes = f"linia 1; numer {n}\nlinia 2" if mixed % 100 < 3 else f"stały klient, umowa nr {n}"
    phone = f"+48 {'7' if changed else '6'}{mixed % 100:02} {n % 1000:03} {mixed % 997:03}"
    return (f"K{n:08}", f"klient{n}@example.pl", phone, first, last, f"{TRADES[mixed % 7]} {last} {n}", tax_id(mixed),
            street, postcode, city, state, "PL", f"{first} {last}", street, postcode, city, "PL", notes,
            f"Punkt {mixed % 9000}", f"segment {mixed % 12}",
            f"20{mixed % 24 + 1:02}-{mixed % 12 + 1:02}-{mixed % 28 + 1:02}", f"{mixed % 30}%")


def quoted(text):
    return f'"{text}"' if "\n" in text or ";" in text else text


def fields(n, changed=False):
    """What is sent of customer n: field → text."""
    row = dict(zip(COLUMNS, cells(n, changed)))
    return {name: rule.format(**row) if "{" in rule else row[rule] for name, rule in FIELDS.items()}


def form(parameters):
    """The body of a request for an addCrmClient, as the API takes it."""
    text = json.dumps(parameters, ensure_ascii=False, separators=(",", ":"))
    return "method=addCrmClient&parameters=" + urllib.parse.quote(text, safe="-._~")


def write(path, rows, step=1, change_every=0):
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(";".join(COLUMNS) + "\n")
        for ordinal in range(rows):
            row = cells(ordinal * step, change_every > 0 and ordinal % change_every == 0)
            out.write(";".join(row) + "\n" if "\n" not in row[17] else ";".join(map(quoted, row)) + "\n")


def main():
    line = argparse.ArgumentParser()
    line.add_argument("file")
    line.add_argument("rows", type=int)
    line.add_argument("--step", type=int, default=1)
    line.add_argument("--change-every", type=int, default=0)
    a = line.parse_args()
    write(a.file, a.rows, a.step, a.change_every)


if __name__ == "__main__":
    sys.exit(main())
