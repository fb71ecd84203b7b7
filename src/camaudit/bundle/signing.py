"""Signatures in the form of OpenSSH (PROTOCOL.sshsig), by Ed25519: stock ``ssh-keygen -Y verify`` accepts them.

In go bytes and a private key file, out comes the armoured signature; and back, a signature and the key it names.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from camaudit.errors import StoreError, UsageError

_MAGIC = b"SSHSIG"
_HASH = b"sha512"
_KIND = b"ssh-ed25519"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key: 32 bytes."""

    raw: bytes

    @property
    def line(self) -> str:
        """Return the key as ``authorized_keys`` and ``allowed_signers`` write it."""
        return f"{_KIND.decode()} {base64.b64encode(self._blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint as ``ssh-keygen -l`` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self._blob).digest()).decode().rstrip("=")

    @property
    def _blob(self) -> bytes:
        return _text(_KIND) + _text(self.raw)


def read_signer(line: str, where: str) -> Signer:
    """Read a public key: a line of a ``.pub``, ``authorized_keys`` or ``allowed_signers`` file."""
    words = line.split()
    try:
        blob = base64.b64decode(words[words.index(_KIND.decode()) + 1], validate=True)
        kind, rest = _take(blob)
        raw, rest = _take(rest)
    except (ValueError, IndexError):
        raise UsageError(f"{where}: no Ed25519 public key; give a line that begins with ssh-ed25519") from None
    if kind != _KIND or len(raw) != 32 or rest:
        raise UsageError(f"{where}: no Ed25519 public key; give a line that begins with ssh-ed25519")
    return Signer(raw)


def load_key(file: Path, passphrase: str | None) -> Ed25519PrivateKey:
    """Read an OpenSSH private key; raise ``UsageError`` with what to do, never with what the file holds."""
    try:
        key = load_ssh_private_key(file.read_bytes(), passphrase.encode() if passphrase else None)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; make a key with: ssh-keygen -t ed25519 -f {file}") from None
    except TypeError:
        raise UsageError(f"{file}: the key has a passphrase; put it into CAMAUDIT_KEY_PASSPHRASE") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = "the passphrase does not open it" if passphrase else "not an OpenSSH private key"
        raise UsageError(f"{file}: {wrong}; make one with: ssh-keygen -t ed25519 -f FILE") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{file}: not an Ed25519 key; make one with: ssh-keygen -t ed25519 -f FILE")
    return key


def own_key(file: Path) -> Ed25519PrivateKey:
    """Return this installation's own key, made at its first use so that only its owner reads it."""
    if file.is_file():
        return load_key(file, None)
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(text)
        file.with_name(file.name + ".pub").write_text(signer_of(key).line + " camaudit\n")
    except OSError as error:
        raise StoreError(f"{file}: the key cannot be kept: {error.strerror}; give one with --key") from None
    return key


def signer_of(key: Ed25519PrivateKey) -> Signer:
    """Return the public half of a key."""
    return Signer(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def sign(message: bytes, key: Ed25519PrivateKey, namespace: str) -> str:
    """Return the armoured signature of ``message`` for the purpose ``namespace``."""
    signature = _text(_KIND) + _text(key.sign(_to_sign(message, namespace)))
    parts = (signer_of(key)._blob, namespace.encode(), b"", _HASH, signature)
    whole = _MAGIC + struct.pack(">I", 1) + b"".join(map(_text, parts))
    body = base64.b64encode(whole).decode()
    lines = [body[at : at + 70] for at in range(0, len(body), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def signed_by(message: bytes, armoured: str, namespace: str) -> Signer | None:
    """Return who signed ``message`` for ``namespace``; None where the signature does not hold."""
    try:
        signer, said, signature = _parsed(armoured)
        Ed25519PublicKey.from_public_bytes(signer.raw).verify(signature, _to_sign(message, namespace))
    except (ValueError, struct.error, InvalidSignature):
        return None
    return signer if said == namespace.encode() else None


def _parsed(armoured: str) -> tuple[Signer, bytes, bytes]:
    lines = armoured.strip().splitlines()
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ValueError("no signature")
    try:
        whole = base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not whole.startswith(_MAGIC + struct.pack(">I", 1)):
        raise ValueError("not an SSH signature")
    parts, rest = [], whole[len(_MAGIC) + 4 :]
    for _ in range(5):
        part, rest = _take(rest)
        parts.append(part)
    blob, namespace, _reserved, hashed, signature = parts
    (kind, key), (kind_again, made) = _two(blob), _two(signature)
    if rest or hashed != _HASH or kind != _KIND or kind_again != _KIND or len(key) != 32:
        raise ValueError("not an Ed25519 signature over SHA-512")
    return Signer(key), namespace, made


def _to_sign(message: bytes, namespace: str) -> bytes:
    return _MAGIC + b"".join(map(_text, (namespace.encode(), b"", _HASH, hashlib.sha512(message).digest())))


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _take(data: bytes) -> tuple[bytes, bytes]:
    if len(data) < 4:
        raise ValueError("cut short")
    length = struct.unpack(">I", data[:4])[0]
    if len(data) < 4 + length:
        raise ValueError("cut short")
    return data[4 : 4 + length], data[4 + length :]


def _two(data: bytes) -> tuple[bytes, bytes]:
    first, rest = _take(data)
    second, rest = _take(rest)
    if rest:
        raise ValueError("more than two parts")
    return first, second
