import asyncio
import gc
import gzip
import ipaddress
import socket
import ssl
import subprocess
import threading
import time
import warnings

import pytest

from schemas.document import Source
from transforms.pull.client import Client, Limits, make_session
from transforms.pull.dial import CheckedResolver
from transforms.pull.exchange import Plan
from transforms.pull.fetch import MAX_REDIRECTS, Fetched, fetch
from transforms.pull.pace import HostPaces

LOOPBACK = ("127.0.0.0/8",)
SMALL = Limits(wire_bytes=200_000, body_bytes=1_000_000)
QUICK = Limits(header_seconds=0.5, total_seconds=1.0, wire_bytes=200_000, body_bytes=1_000_000)
"""Only for what is waited for in vain: on a busy machine half a second is soon over."""


def ask(url, names, *, source=None, headers=(), allowed=LOOPBACK, limits=SMALL, tls=None, times=1) -> Fetched:
    async def main() -> Fetched:
        networks = [ipaddress.ip_network(text) for text in allowed]
        async with make_session(networks, user_agent="wirelake/0", limit=8, resolver=names, tls=tls) as session:
            client = Client(session, HostPaces(0.0, monotonic=time.monotonic), limits=limits)
            for _ in range(times):
                found = await fetch(client, source or Source(address=url), Plan(url, tuple(headers)))
            return found

    return asyncio.run(main())


# --- what goes well ---


def test_a_feed_with_its_headers(server, web) -> None:
    server.pages["/rss"] = web.answer(
        200,
        gzip.compress(web.rss),
        ETag='W/"1-gzip"',
        Last_Modified="Mon, 02 Mar 2026 12:00:00 GMT",
        Cache_Control="max-age=60",
        Age="3",
        Content_Type="application/rss+xml",
        Content_Encoding="gzip",
    )
    found = ask(server.url("/rss"), web.names())
    assert found.error is None
    assert (found.answer.outcome, found.answer.status, found.answer.body) == ("ok", 200, web.rss)
    assert (found.answer.etag, found.answer.age) == ('W/"1-gzip"', "3")
    assert found.content_type == "application/rss+xml"
    sent = server.requests[0].headers
    assert sent["user-agent"].startswith("wirelake/")
    assert {"gzip", "br", "zstd"} <= set(sent["accept-encoding"].split(", "))
    assert "cookie" not in sent


def test_validators_are_sent_and_304_is_no_failure(server, web) -> None:
    server.pages["/rss"] = web.answer(304)
    found = ask(server.url("/rss"), web.names(), headers=[("If-None-Match", 'W/"a"'), ("If-Modified-Since", "x y")])
    assert (found.answer.outcome, found.answer.conditional, found.error) == ("not_modified", True, None)
    sent = server.requests[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a"', "x y")


def test_a_304_nobody_asked_for_is_the_servers_fault(server, web) -> None:
    server.pages["/rss"] = web.answer(304)
    assert ask(server.url("/rss"), web.names()).answer.outcome == "http_3xx"


@pytest.mark.parametrize("path", ["/a%2Fb?x=%7e&y=a+b", "/%e4?sig=a%3D%3D", "/p;v=1,2?q=[1]"])
def test_addresses_are_asked_byte_for_byte(server, web, path: str) -> None:
    ask(server.url(path), web.names())
    assert server.paths == [path]


@pytest.mark.parametrize(
    ("status", "code"), [(400, "http_4xx"), (401, "http_4xx"), (404, "http_4xx"), (410, "http_4xx"), (500, "http_5xx")]
)
def test_errors_have_codes(server, web, status: int, code: str) -> None:
    server.pages["/rss"] = web.answer(status)
    found = ask(server.url("/rss"), web.names())
    assert (found.answer.outcome, found.answer.status) == (code, status)
    assert str(status) in found.error


@pytest.mark.parametrize("status", [429, 503, 403])
def test_retry_after_is_passed_on(server, web, status: int) -> None:
    server.pages["/rss"] = web.answer(status, Retry_After="120", Date="Mon, 02 Mar 2026 12:00:00 GMT")
    found = ask(server.url("/rss"), web.names())
    assert (found.answer.retry_after, found.answer.date) == ("120", "Mon, 02 Mar 2026 12:00:00 GMT")


def test_429_speaks_for_the_whole_host_in_this_run(server, web) -> None:
    server.pages["/rss"] = web.answer(429, Retry_After="120")
    found = ask(server.url("/rss"), web.names(), times=3)
    assert found.answer.outcome == "asked_to_wait"
    assert found.answer.retry_after == "120"
    assert len(server.requests) == 1


# --- redirects ---


def chain(server, web, status: int, hops: int) -> str:
    for number in range(hops):
        server.pages[f"/{number}"] = web.answer(status, Location=f"/{number + 1}")
    server.pages[f"/{hops}"] = web.answer(200, web.rss)
    return server.url("/0")


def test_five_redirects_are_followed_and_a_sixth_is_not(server, web) -> None:
    found = ask(chain(server, web, 302, MAX_REDIRECTS), web.names())
    assert found.answer.body == web.rss
    assert found.answer.permanent_url is None
    server.requests.clear()
    found = ask(chain(server, web, 302, MAX_REDIRECTS + 1), web.names())
    assert found.answer.outcome == "redirects"
    assert len(server.requests) == MAX_REDIRECTS + 1


def test_a_loop_ends(server, web) -> None:
    server.pages["/a"] = web.answer(301, Location="/a")
    assert ask(server.url("/a"), web.names()).answer.outcome == "redirects"


@pytest.mark.parametrize(
    ("statuses", "learned"),
    [
        ((301,), "/1"),
        ((308,), "/1"),
        ((301, 308), "/2"),
        ((302,), None),
        ((307,), None),
        ((301, 302), None),
        ((302, 301), None),
    ],
)
def test_only_an_unbroken_chain_of_permanent_redirects_is_offered(server, web, statuses, learned) -> None:
    for number, status in enumerate(statuses):
        server.pages[f"/{number}"] = web.answer(status, Location=f"/{number + 1}")
    server.pages[f"/{len(statuses)}"] = web.answer(200, web.rss)
    found = ask(server.url("/0"), web.names())
    assert found.answer.body == web.rss
    assert found.answer.permanent_url == (server.url(learned) if learned else None)


def test_an_address_with_a_secret_is_not_offered(server, web) -> None:
    server.pages["/rss?token=5ecret"] = web.answer(301, Location="/new?token=5ecret")
    server.pages["/new?token=5ecret"] = web.answer(200, web.rss)
    found = ask(server.url("/rss?token=5ecret"), web.names())
    assert found.answer.outcome == "ok"
    assert found.answer.permanent_url is None
    assert "5ecret" not in found.final_url


@pytest.mark.parametrize(
    "target",
    [
        "ftp://feeds.example/rss", "file:///etc/passwd", "gopher://127.0.0.1:70/", "javascript:alert(1)", "data:,x",
        "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
        "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:a00:1::]/", "http://0.0.0.0/", "http://224.0.0.1/", "http://100.100.100.200/", "//169.254.169.254/",
        "http://metadata.example/", "http://user:pw@10.0.0.1/", "http://１０.０.０.１/", "https://10.0.0.1/",
        "http://good.example\\@10.0.0.1/", "http://10.0.0.1:99999/", "http://public.example:22/",
        "http://public.example:6379/", "http://[::]/",
    ],
)  # fmt: skip
def test_redirects_to_where_nobody_may_go_are_refused(server, web, target: str) -> None:
    server.pages["/rss"] = web.answer(302, Location=target)
    server.pages["/0"] = web.answer(301, Location="/rss")
    names = web.names({"metadata.example": ["169.254.169.254"], "public.example": ["93.184.216.34"]})
    found = ask(server.url("/0"), names)
    assert found.answer.outcome == "refused_address", found.error
    assert server.paths == ["/0", "/rss"]


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "localhost",
        "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[::1]", "[::]", "0",
        "0.0.0.0", "127.0.0.1", "127.255.255.255", "0xa9.0xfe.0xa9.0xfe", "2852039166", "[fe80::1%25lo]",
    ],
)  # fmt: skip
def test_every_spelling_of_a_private_address_is_refused_by_the_systems_own_resolver(host: str) -> None:
    found = ask(f"http://{host}:80/", None, allowed=())
    assert found.answer.outcome in {"refused_address", "dns"}
    if host in {"2130706433", "0x7f000001", "127.1", "localhost", "0177.0.0.1", "127.0.0.1"}:
        assert found.answer.outcome == "refused_address"


@pytest.mark.parametrize("address", ["ftp://x.example/", "http://", "http://[broken", "http:///x", "x", ""])
def test_addresses_that_are_none(web, address: str) -> None:
    assert ask(address, web.names()).answer.outcome in {"refused_address", "dns"}


# --- names that change between look-up and dial ---


def test_a_name_that_turns_private_after_the_first_answer_is_refused(server, web) -> None:
    names = web.names({"rebind.example": [["127.0.0.1"], ["10.0.0.7"]]})

    async def main() -> list[str]:
        networks = [ipaddress.ip_network("127.0.0.0/8")]
        outcomes = []
        for _ in range(2):  # two runs: within one, the first answer holds
            async with make_session(networks, user_agent="x", limit=8, resolver=names) as session:
                client = Client(session, HostPaces(0.0, monotonic=time.monotonic), limits=QUICK)
                for _ in range(2):
                    url = server.url("/rss", "rebind.example")
                    outcomes.append((await fetch(client, Source(address=url), Plan(url))).answer.outcome)
        return outcomes

    server.pages["/rss"] = web.answer(200, web.rss)
    assert asyncio.run(main()) == ["ok", "ok", "refused_address", "refused_address"]
    assert names.asked == ["rebind.example"] * 3


@pytest.mark.parametrize("private", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_what_is_dialled_is_checked_again_when_the_look_up_was_deceived(web, monkeypatch, private: str) -> None:
    async def unchecked(self, host, port=0, family=socket.AF_INET):
        return await self._inner.resolve(host, port, family)

    monkeypatch.setattr(CheckedResolver, "resolve", unchecked)
    found = ask("http://rebind.example/", web.names({"rebind.example": [private]}), allowed=())
    assert found.answer.outcome == "refused_address"
    assert "--allow-private" in found.error


def test_unknown_names(web) -> None:
    found = ask("http://nowhere.example/", web.names({"nowhere.example": []}))
    assert found.answer.outcome == "dns"


def test_nobody_listens(web) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert ask(f"http://x.example:{port}/", web.names()).answer.outcome == "connect"


# --- credentials ---

HIDDEN = Source(address="", headers=(("X-Api-Key", "env:WIRE_KEY"), ("Authorization", "Bearer ${env:WIRE_KEY}")))


def with_secrets(url: str) -> Source:
    return Source(address=url, headers=HIDDEN.headers)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WIRE_KEY", "hush-4711")
    return "hush-4711"


def test_headers_and_passwords_go_to_their_own_host(server, web, key: str) -> None:
    server.pages["/rss"] = web.answer(302, Location="/b")
    server.pages["/b"] = web.answer(200, web.rss)
    ask(server.url("/rss"), web.names(), source=with_secrets(server.url("/rss")))
    assert [(r.headers["x-api-key"], r.headers["authorization"]) for r in server.requests] == [
        (key, f"Bearer {key}")
    ] * 2
    url = f"http://me:p%40ss@feeds.example:{server.port}/b"
    ask(url, web.names())
    assert server.requests[-1].headers["authorization"] == "Basic bWU6cEBzcw=="
    assert "@" not in server.requests[-1].headers["host"]


def test_credentials_never_go_to_another_host_nor_back_again(server, web, key: str) -> None:
    server.pages["/rss"] = web.answer(302, Location=server.url("/b", "other.example"))
    server.pages["/b"] = web.answer(302, Location=server.url("/c"))
    server.pages["/c"] = web.answer(200, web.rss)
    url = f"http://me:passw0rd@feeds.example:{server.port}/rss"
    assert ask(url, web.names(), source=with_secrets(url)).answer.outcome == "ok"
    assert ["x-api-key" in r.headers or "authorization" in r.headers for r in server.requests] == [True, False, False]


def test_another_port_is_another_server(server, web, key: str) -> None:
    with web.serving() as other:
        server.pages["/rss"] = web.answer(302, Location=other.url("/rss"))
        other.pages["/rss"] = web.answer(200, web.rss)
        ask(server.url("/rss"), web.names(), source=with_secrets(server.url("/rss")))
        assert "x-api-key" not in other.requests[0].headers


def test_a_learned_address_on_another_host_gets_no_credentials(server, web, key: str) -> None:
    server.pages["/rss"] = web.answer(200, web.rss)
    ask(server.url("/rss", "new.example"), web.names(), source=with_secrets(server.url("/rss")))
    assert "x-api-key" not in server.requests[0].headers


@pytest.mark.parametrize(
    "page", ["refused", "connect", "http_4xx", "redirects", "timeout", "bad_header", "encoding", "reason"]
)
def test_no_message_shows_a_secret(server, web, key: str, page: str) -> None:
    url = f"http://me:passw0rd@feeds.example:{server.port}/rss?token=5ecret&format=xml"
    leak = "http://me:passw0rd@feeds.example/x?token=5ecret&h=hush-4711"
    pages = {
        "refused": web.answer(302, Location="http://10.0.0.1/x?token=5ecret&k=hush-4711"),
        "connect": b"nonsense http://me:passw0rd@feeds.example/?token=5ecret hush-4711\r\n\r\n",
        "http_4xx": web.answer(403),
        "redirects": web.answer(302, Location="/rss?token=5ecret&format=xml"),
        "timeout": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        "bad_header": b"HTTP/1.1 200 OK\r\nno header " + leak.encode() + b"\r\n\r\n",
        "encoding": web.answer(200, b"x", Content_Encoding=f"hush-4711 {leak}"),
        "reason": f"HTTP/1.1 500 {leak} hush-4711\r\nContent-Length: 0\r\n\r\n".encode(),
    }
    server.pages["/rss?token=5ecret&format=xml"] = pages[page]
    found = ask(url, web.names(), source=with_secrets(url))
    assert found.error is not None
    for secret in ("passw0rd", "5ecret", key, "bWU6cGFzc3cwcmQ"):
        assert secret not in repr(found.error) + repr(found.final_url)


def test_a_missing_secret_is_said_and_nothing_is_asked(server, web) -> None:
    source = Source(address=server.url("/rss"), headers=(("X", "env:NOT_SET_ANYWHERE"),))
    found = ask(source.address, web.names(), source=source)
    assert found.answer.outcome == "secret"
    assert "NOT_SET_ANYWHERE" in found.error
    assert server.requests == []


# --- servers that mean harm, or are broken ---


def drip(piece: bytes, start: bytes = b""):
    async def page(reader, writer) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    return page


@pytest.mark.parametrize(
    "page",
    [
        drip(b"X-Slow: 1\r\n", b"HTTP/1.1 200 OK\r\n"),
        drip(b"<", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
        drip(b"1\r\n<\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        drip(b""),
    ],
)
def test_a_slow_loris_ends(server, web, page) -> None:
    server.pages["/rss"] = page
    began = time.monotonic()
    found = ask(server.url("/rss"), web.names(), limits=QUICK)
    assert found.answer.outcome in {"timeout", "too_large"}
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_has_less_time_than_a_slow_one(server, web) -> None:
    server.pages["/rss"] = drip(b"")
    found = ask(server.url("/rss"), web.names(), limits=Limits(header_seconds=0.5, total_seconds=60.0))
    assert (found.answer.outcome, "no answer within" in found.error) == ("timeout", True)
    assert found.latency_ms < 30_000


def endless(piece: bytes, start: bytes):
    async def page(reader, writer) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()

    return page


@pytest.mark.parametrize(
    "page",
    [
        endless(b"X-More: 1\r\n", b"HTTP/1.1 200 OK\r\n"),
        endless(b"x" * 4096, b"HTTP/1.1 200 OK\r\nX-Long: "),
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 9000 + b"\r\n\r\n",
        endless(b"x" * 4096, b"HTTP/1.1 200 OK\r\n\r\n"),
        endless(b"1000\r\n" + b"x" * 4096 + b"\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ],
)
def test_endless_headers_and_bodies_end(server, web, page) -> None:
    server.pages["/rss"] = page
    assert ask(server.url("/rss"), web.names()).answer.outcome in {"too_large", "timeout"}


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"],
)
def test_no_more_is_received_than_the_limit(server, web, start: bytes) -> None:
    server.pages["/rss"] = endless(b"x" * 4096, start)
    assert ask(server.url("/rss"), web.names()).answer.outcome == "too_large"


def test_a_bomb_is_too_large(server, web) -> None:
    server.pages["/rss"] = web.answer(200, gzip.compress(bytes(20_000_000)), Content_Encoding="gzip")
    found = ask(server.url("/rss"), web.names())
    assert (found.answer.outcome, found.answer.body) == ("too_large", b"")


@pytest.mark.parametrize(
    "page",
    [
        b"", b"\r\n\r\n", b"hello\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<rss>", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"SSH-2.0-OpenSSH_9.9\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_a_failure(server, web, page: bytes) -> None:
    server.pages["/rss"] = page
    found = ask(server.url("/rss"), web.names())
    assert found.answer.outcome in {"connect", "timeout", "too_large"}
    assert found.error


def test_bytes_that_are_no_text_in_headers_do_no_harm(server, web) -> None:
    server.pages["/rss"] = b"HTTP/1.1 302 \xff\r\nLocation: /\xe9\xff?\xfe\r\nContent-Length: 0\r\n\r\n"
    assert ask(server.url("/rss"), web.names()).answer.status == 404
    server.pages["/raw"] = (
        b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nLast-Modified: \xe9\r\nContent-Type: t\xff\r\nContent-Length: 1\r\n\r\nx'
    )
    found = ask(server.url("/raw"), web.names())
    assert (found.answer.etag, found.answer.last_modified) == (None, None)
    found.content_type.encode()


# --- TLS and proxies ---


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = str(folder / "key.pem"), str(folder / "cert.pem")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=feeds.example"
    )
    extra = ["-addext", "subjectAltName=DNS:feeds.example", "-keyout", key, "-out", certificate]
    subprocess.run([*command.split(), *extra], check=True, capture_output=True)
    return certificate, key


def test_a_certificate_nobody_signed_is_refused(web, self_signed) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed)
    with web.serving(context) as server:
        server.pages["/rss"] = web.answer(200, web.rss)
        found = ask(server.url("/rss", scheme="https"), web.names())
        assert found.answer.outcome == "tls"
        assert server.requests == []
        trusting = ssl.create_default_context(cafile=self_signed[0])
        assert ask(server.url("/rss", scheme="https"), web.names(), tls=trusting).answer.outcome == "ok"
        wrong = ask(server.url("/rss", "other.example", "https"), web.names(), tls=trusting)
        assert wrong.answer.outcome == "tls"


def test_a_tls_server_that_never_says_goodbye_holds_no_socket(web, self_signed) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed)
    done = threading.Event()

    def serve(listening: socket.socket) -> None:
        with listening.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as secure:
            secure.recv(9999)
            secure.sendall(web.answer(200, web.rss))
            done.wait(10)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        url = f"https://feeds.example:{listening.getsockname()[1]}/rss"
        trusting = ssl.create_default_context(cafile=self_signed[0])
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            assert ask(url, web.names(), tls=trusting, limits=Limits()).answer.outcome == "ok"
            gc.collect()
        done.set()
        thread.join(10)
    assert not [str(one.message) for one in told if one.category is ResourceWarning]


def test_plain_text_where_tls_is_expected(server, web) -> None:
    found = ask(server.url("/rss", scheme="https"), web.names(), limits=QUICK)
    assert found.answer.outcome in {"tls", "connect", "timeout"}


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"])
def test_proxies_of_the_environment_are_ignored(server, web, monkeypatch, name: str) -> None:
    with web.serving() as proxy:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        server.pages["/rss"] = web.answer(200, web.rss)
        assert ask(server.url("/rss"), web.names()).answer.outcome == "ok"
        assert proxy.requests == []
