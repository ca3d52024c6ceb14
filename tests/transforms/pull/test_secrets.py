from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.pull.secrets import SecretError, resolve_secret


def test_a_value_that_is_no_reference_is_itself() -> None:
    for value in ("hush", "Bearer hush", "a:b", "", "${unclosed"):
        assert resolve_secret(value) == value


def test_the_environment_alone_and_within_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRE_KEY", "hush")
    assert resolve_secret("env:WIRE_KEY") == "hush"
    assert resolve_secret("Bearer ${env:WIRE_KEY}, twice ${env:WIRE_KEY}") == "Bearer hush, twice hush"


def test_a_file_without_its_last_newline(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush\n")
    assert resolve_secret(f"file:{tmp_path}/key") == "hush"
    assert resolve_secret(f"Bearer ${{file:{tmp_path}/key}}") == "Bearer hush"


def test_what_leads_nowhere_names_the_reference_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"hush\xff")
    with pytest.raises(SecretError, match="NOT_SET_ANYWHERE is not set"):
        resolve_secret("env:NOT_SET_ANYWHERE")
    with pytest.raises(SecretError, match="missing: No such file"):
        resolve_secret(f"file:{tmp_path}/missing")
    with pytest.raises(SecretError, match="UTF-8") as found:
        resolve_secret(f"file:{tmp_path}/bytes")
    assert "hush" not in str(found.value)


NAME = "projects/p/secrets/wire/versions/latest"


@pytest.fixture
def secret_manager(monkeypatch: pytest.MonkeyPatch):
    """Google's service on a port of this machine, in its own protocol; the client is the real one."""
    grpc = pytest.importorskip("grpc")
    secretmanager = pytest.importorskip("google.cloud.secretmanager")
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
        SecretManagerServiceGrpcTransport,
    )

    def access(request, context):
        if request.name != NAME:
            context.abort(grpc.StatusCode.NOT_FOUND, f"Secret [{request.name}] not found.")
        return secretmanager.AccessSecretVersionResponse(name=NAME, payload={"data": b"hush"})

    method = grpc.unary_unary_rpc_method_handler(
        access,
        request_deserializer=secretmanager.AccessSecretVersionRequest.deserialize,
        response_serializer=secretmanager.AccessSecretVersionResponse.serialize,
    )
    service = "google.cloud.secretmanager.v1.SecretManagerService"
    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {"AccessSecretVersion": method}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    client = secretmanager.SecretManagerServiceClient
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        monkeypatch.setattr(
            secretmanager,
            "SecretManagerServiceClient",
            lambda: client(transport=SecretManagerServiceGrpcTransport(channel=channel)),
        )
        yield
    server.stop(None).wait()


def test_google_secret_manager(secret_manager) -> None:
    assert resolve_secret(f"Bearer ${{secret:{NAME}}}") == "Bearer hush"
    with pytest.raises(SecretError, match="projects/p/secrets/other") as found:
        resolve_secret("secret:projects/p/secrets/other/versions/1")
    assert "hush" not in str(found.value)
