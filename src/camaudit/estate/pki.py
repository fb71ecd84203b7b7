"""The estate's own certificates: one authority, one certificate for the broker and for the hub, and one a site.

A site's certificate may only be shown by a client: with it nobody can pose as the broker. Its common name is the
name of the user that the broker knows.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from camaudit.errors import StoreError, UsageError

_YEARS_OF_CA, _YEARS = 10, 2
HUB, BROKER = "hub", "broker"


def make_authority(folder: Path, estate: str, host: str) -> None:
    """Make the authority, the broker's certificate for ``host`` and the hub's, where they are not there yet."""
    if not (folder / "ca-key.pem").is_file():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{estate[:40]} camaudit estate")])
        builder = _builder(name, name, key, _YEARS_OF_CA).add_extension(x509.BasicConstraints(True, 0), True)
        _keep(folder / "ca-key.pem", _private(key))
        _keep(folder / "ca.pem", _public(builder.sign(key, hashes.SHA256())))
    for who, usage in ((BROKER, ExtendedKeyUsageOID.SERVER_AUTH), (HUB, ExtendedKeyUsageOID.CLIENT_AUTH)):
        if not (folder / f"{who}.pem").is_file():
            issue(folder, folder, who, usage, host if who == BROKER else "")


def enroll(authority: Path, folder: Path, site: str) -> None:
    """Make the certificate of a site in ``folder``; raise ``UsageError`` where it has one already."""
    if (folder / f"{site}.pem").exists():
        raise UsageError(f"{folder}: {site} is enrolled already; remove that folder to make a new certificate")
    issue(authority, folder, site, ExtendedKeyUsageOID.CLIENT_AUTH)
    _keep(folder / "ca.pem", (authority / "ca.pem").read_bytes())


def issue(authority: Path, folder: Path, who: str, usage: x509.ObjectIdentifier, host: str = "") -> None:
    """Make a key and a certificate for ``who`` in ``folder``, signed by the authority."""
    try:
        ca_key = serialization.load_pem_private_key((authority / "ca-key.pem").read_bytes(), None)
        ca = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes())
    except (OSError, ValueError, TypeError):
        raise UsageError(
            f"{authority}: no authority of an estate here; give the folder that holds ca-key.pem"
        ) from None
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise UsageError(f"{authority}/ca-key.pem: not a key that camaudit made")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)])
    builder = _builder(name, ca.subject, key, _YEARS)
    builder = builder.add_extension(x509.BasicConstraints(False, None), True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), True)
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
    _keep(folder / f"{who}-key.pem", _private(key))
    _keep(folder / f"{who}.pem", _public(builder.sign(ca_key, hashes.SHA256())))


def _builder(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, years: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    # A clock that is a little slow at the site must not refuse a new certificate.
    return builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=365 * years))


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _keep(file: Path, data: bytes) -> None:
    """Write a file that only its owner reads, never over one that is there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(data)
    except OSError as error:
        raise StoreError(f"{file}: cannot be written: {error.strerror}; give another folder") from None
