"""Make the certificates of the fleet at start. In: a ``TlsSpec``. Out: a server context.

Keys are shared by size, since making an RSA key is slow and no check here looks at the modulus.
"""

from __future__ import annotations

import ssl
import tempfile
import warnings
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from camaudit.errors import DataFileError
from camaudit.simulator.device import TlsSpec

_NAMES = {
    "CN": NameOID.COMMON_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "L": NameOID.LOCALITY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "C": NameOID.COUNTRY_NAME,
}
_NEWEST = {"TLSv1": "TLSv1", "TLSv1.2": "TLSv1_2", "TLSv1.3": "TLSv1_3"}
_VALID = timedelta(days=3650)


@lru_cache(maxsize=256)
def server_context(spec: TlsSpec) -> ssl.SSLContext:
    """Make a self-signed certificate with the device's names and a context that serves it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Old cameras speak TLS 1.0 with RSA-1024: OpenSSL allows that at security level 0 only.
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion[_NEWEST[spec.newest]]
    with tempfile.TemporaryDirectory(prefix="camaudit-simulator-") as folder:
        pem = Path(folder, "device.pem")
        pem.write_bytes(_key_pem(spec.rsa_bits) + certificate_pem(spec) * spec.chain)
        context.load_cert_chain(pem)
    return context


def certificate_pem(spec: TlsSpec) -> bytes:
    """Write the certificate; with an issuer of its own it is still signed by the same key."""
    key = shared_key(spec.rsa_bits)
    since = datetime.now(UTC) - timedelta(days=30)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(spec.subject))
        .issuer_name(_name(spec.issuer or spec.subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + _VALID)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


@lru_cache(maxsize=8)
def shared_key(bits: int) -> rsa.RSAPrivateKey:
    """Make the one key of this size, or give it again."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@lru_cache(maxsize=8)
def _key_pem(bits: int) -> bytes:
    return shared_key(bits).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(text: str) -> x509.Name:
    attributes = []
    for part in text.split(", "):
        short, _, value = part.partition("=")
        if short not in _NAMES or not value:
            raise DataFileError((f"TLS name {text!r}: {part!r} is not one of {', '.join(_NAMES)} with a value",))
        attributes.append(x509.NameAttribute(_NAMES[short], value))
    return x509.Name(attributes)
