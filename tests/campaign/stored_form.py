"""The forms of `baseload sandbox --changes`, told a second time: the verdict does not ask who is judged."""
import re
import unicodedata

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"}


def is_invisible(character):
    return unicodedata.category(character) in ("Cc", "Cf")


# In the order in which they are done.
CHANGES = {
    "strip": lambda text: "".join(c for c in text if not is_invisible(c)),
    "collapse": lambda text: " ".join(text.split()),
    "phone": lambda text: re.sub(r"[\s()\[\]-]", "", text),
    "upper": str.upper,
    "lower": str.lower,
    "nfc": lambda text: unicodedata.normalize("NFC", text),
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "escape": lambda text: "".join(ESCAPES.get(c, c) for c in text),
}


def draw_changes(chance):
    """Some of them, as --changes takes them."""
    chosen = [name for name in ("strip", "collapse", "phone", "escape") if chance.random() < 0.5]
    chosen += [chance.choice(["upper", "lower", ""]), chance.choice(["nfc", "nfd", ""])]
    return ",".join(name for name in chosen if name)


def in_form(changes, field, text):
    """The text of a field as the service stores it, which makes these changes."""
    for name, change in CHANGES.items():
        if name in changes.split(",") and (name != "phone" or field == "phone"):
            text = change(text)
    return text
