"""Secrets by reference: a header's value may say where the secret lies instead of being it."""

import os
from pathlib import Path


class SecretError(ValueError):
    """A reference that leads nowhere; the message names the reference, never the secret."""


def resolve_secret(value: str) -> str:
    """The secret behind a reference; other values are themselves.

    Args:
        value: ``env:NAME``, ``file:PATH``, ``secret:projects/P/secrets/S/versions/V`` (Google Secret Manager), or
            the value itself. A text around ``${…}`` keeps standing: ``Bearer ${env:TOKEN}``.

    Raises:
        SecretError: the reference cannot be followed.
    """
    before, mark, rest = value.partition("${")
    if mark and "}" in rest:
        reference, _, after = rest.partition("}")
        return before + resolve_secret(reference) + resolve_secret(after)
    kind, colon, name = value.partition(":")
    if not colon or kind not in {"env", "file", "secret"}:
        return value
    if kind == "env":
        if name not in os.environ:
            raise SecretError(f"environment variable {name} is not set")
        return os.environ[name]
    if kind == "file":
        try:
            return Path(name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SecretError(f"{name}: {error.strerror or error}") from error
        except UnicodeDecodeError:
            raise SecretError(f"{name}: is no text in UTF-8") from None
    return _from_secret_manager(name)


def _from_secret_manager(name: str) -> str:
    try:
        from google.cloud import secretmanager
    except ImportError as error:
        raise SecretError("secret: needs google-cloud-secret-manager; pip install 'wirelake[gcp]'") from error
    try:
        answer = secretmanager.SecretManagerServiceClient().access_secret_version(name=name)
    except Exception as error:
        raise SecretError(f"{name}: {error}") from error
    return str(answer.payload.data.decode())
