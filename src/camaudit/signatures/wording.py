"""What a text calls a unit, and what it only says of its sort: "Acme - Web Service" is "Acme", "IP Camera" nobody.

In go texts of devices, out come labels as written, or nothing. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile

from camaudit.signatures.load import folded

_LONGEST, _MOST_WORDS = 32, 4
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9&+.' -]{1,31}\Z")
_PARTS = re.compile(r" [-:~/] | ?[|\u2013\u2014\u00b7] ?|: ")
_WORD = re.compile(r"[A-Za-z0-9&+.']+")
_MODEL = re.compile(r"(?=[^ ]{0,40}[A-Za-z])(?=[^ ]{0,40}\d)[A-Za-z0-9][A-Za-z0-9()/_.+-]{3,39}\Z")

_WORDS_FOR_SORTS = """
ip ipc ipcam ipcamera camera cameras cam cams webcam kamera camara telecamera network networkcamera net netcam
lan digital embedded video audio recorder recording dvr nvr xvr hvr mvr dvs nvs cvr hd uhd ahd tvi cvi ptz
dome bullet turret eyeball speed fisheye cube box mini micro wifi wireless poe ir thermal smart intelligent
analog hybrid encoder decoder server client device devices unit terminal intercom doorbell door station panel
security surveillance cctv system systems monitor monitoring management manager platform remote access control
centre center disk storage channel channels ch stream streaming media live view viewer preview playback plugin
web webs website webpage http https www html page home index main login logon log in on sign signin welcome
user username password admin administrator operator please wait loading redirect redirecting document untitled
title logo image name model type brand vendor company manufacturer customer product default test demo sample
example error not found unauthorized forbidden denied moved object bad request service services interface
portal app application setup configuration configurator settings wizard update upgrade firmware version
english browser anmelden anmeldung connexion accueil iniciar sesion entrar acceso accesso inloggen logowanie
startseite general private neutral oem odm none null nil na unknown undefined nobody no normal standard common
component components download downloads
vto vth vts evs ivss hcvr tpc
base basic generic onvif nvt psia rtsp h264 h265 hevc mjpeg linux the of for and by my your this to a an new
old
"""
_SORTS = frozenset(_WORDS_FOR_SORTS.split())
"""What a unit is or does, what a page or a form says, and what is written where no name is."""

_WORDS_FOR_PLACES = """
front back rear side left right north south east west northern southern eastern western upper lower inner outer
inside outside indoor outdoor gate door entrance entry exit lobby reception foyer hall hallway corridor stairs
staircase lift elevator roof floor ground basement cellar attic loft room office kitchen canteen cafe bar
restaurant toilet car park parking garage carport drive driveway yard garden lawn pool patio terrace porch fence
shed barn stable field school class classroom playground gym library church chapel hospital ward surgery shop
store stock till checkout warehouse loading dock bay workshop factory plant tower bridge street road lane avenue
square house building block wing site camp farm station platform nursery studio bedroom living dining hallway
laundry street depot plaza eingang ausgang hof tor halle flur keller parkplatz schule turnhalle entree sortie
porte cour ecole cantine entrada salida puerta patio ingresso uscita cortile einfahrt zufahrt haustuer
hofeinfahrt terrasse treppenhaus aussen vorne hinten werkstatt lagerhalle wejscie podjazd ogrod brama garagem
portao corredor quintal recepcao jardin jardim cocina cozinha pasillo oficina calle giardino cancello ufficio
magazzino couloir escalier
"""
_PLACES = frozenset(_WORDS_FOR_PLACES.split())

_TRADE = frozenset(
    [
        "security",
        "vision",
        "video",
        "systems",
        "technologies",
        "technology",
        "tech",
        "cctv",
        "surveillance",
        "electronics",
        "group",
        "international",
        "controls",
        "solutions",
        "digital",
    ]
)
"""Words that follow the name of a house of this trade, and no name of a place."""


def label_in(text: str) -> str:
    """Return the label that a text consists of; words that say what a unit is may stand before or behind it."""
    for part in _parts(text):
        words = part.split()
        while words and _says_sort(words[-1]) and not _is_trade_behind(words):
            words.pop()
        label = " ".join(dropwhile(_says_sort, words))
        if is_label(label):
            return label
    return ""


def readings(text: str) -> Iterator[str]:
    """Yield what a text may name: its parts, each whole, then with ever fewer words for sorts behind it."""
    for part in _parts(text):
        words = part.split()
        yield " ".join(words)
        while len(words) > 1 and _says_sort(words[-1]):
            words.pop()
            yield " ".join(words)


def _parts(text: str) -> Iterator[str]:
    return (part.strip(" .,;-") for part in _PARTS.split(text.replace("_", " ").strip()[:120]))


def is_label(text: str) -> bool:
    """Say whether a text can be somebody's name: short, of few words, and not only of words for sorts of units."""
    words = _WORD.findall(text)
    named = [word for word in words if not _says_sort(word)]
    letters = sum(c.isalpha() for c in text)
    short = len(text) <= _LONGEST and len(words) <= _MOST_WORDS
    return bool(named) and short and letters >= 2 and _LABEL.match(text) is not None


def says_only_sorts(text: str) -> bool:
    """Say whether a text holds nothing but words for what a unit is: "Network Camera"."""
    return all(map(_says_sort, _WORD.findall(text.replace("_", " "))))


def after_sorts(text: str) -> str:
    """Return a text without the words for sorts of units that it begins with: "IP Camera NV 4000" is "NV 4000"."""
    return " ".join(dropwhile(_says_sort, text.split()))


def of_the_trade(label: str) -> bool:
    """Say whether a label of two words or more ends as a house of this trade does: "Acme Security"."""
    words = label.lower().split()
    return len(words) > 1 and words[-1] in _TRADE


def of_a_place(label: str) -> bool:
    """Say whether a name holds a word for a place, as owners call their cameras: "Front door", "GYM-2"."""
    return any(word in _PLACES for word in re.split(r"[^a-z]+", label.lower()))


def is_model(text: str) -> bool:
    """Say whether a word has the form of a model: letters and digits, four characters and more."""
    return _MODEL.match(text) is not None


def _says_sort(word: str) -> bool:
    plain = word.lower().strip(".'")
    if plain in _SORTS or folded(plain) in _SORTS or not folded(plain):
        return True
    return "-" in plain and all(part in _SORTS for part in plain.split("-"))


def _is_trade_behind(words: list[str]) -> bool:
    return len(words) > 1 and words[-1].lower() in _TRADE and not all(map(_says_sort, words[:-1]))
