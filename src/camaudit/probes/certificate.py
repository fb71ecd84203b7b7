"""A TLS handshake in, the fields of its certificate out; a certificate that is broken gives its hash only."""

from __future__ import annotations

import hashlib
import warnings
from typing import TYPE_CHECKING

from camaudit.net.wire import Tls
from camaudit.probes.record import Fields

if TYPE_CHECKING:
    from cryptography import x509


def certificate_fields(tls: Tls) -> tuple[Fields, str]:
    """Return the ``tls.*`` fields and a note where something could not be read."""
    fields: Fields = {"tls.version": (tls.version,)}
    if not tls.certificate:
        return fields, "no certificate was sent"
    fields["tls.sha256"] = (hashlib.sha256(tls.certificate).hexdigest(),)
    # Loaded with the first certificate: most commands never see one, and it takes a tenth of a second.
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        # Cameras carry certificates with negative serials and the like; the warnings are of no use to anybody.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(tls.certificate)
            fields |= {
                "tls.subject": (certificate.subject.rfc4514_string(),),
                "tls.issuer": (certificate.issuer.rfc4514_string(),),
                "tls.not_before": (certificate.not_valid_before_utc.date().isoformat(),),
                "tls.not_after": (certificate.not_valid_after_utc.date().isoformat(),),
            }
            fields["tls.key"] = (_key(certificate),)
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion):
        return fields, "the certificate is broken and could be read in part only"
    return fields, ""


def _key(certificate: x509.Certificate) -> str:
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC-{key.key_size}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA-{key.key_size}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")
