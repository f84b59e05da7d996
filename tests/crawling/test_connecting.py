"""Certificates and names: what cannot be trusted or found is named; config.toml may say to trust it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crawling.making import two_lines

pytestmark = pytest.mark.slow


class _Front(BaseHTTPRequestHandler):
    """A front page without news, whatever is asked for."""

    def do_GET(self) -> None:
        body = b"<html><body>" + b"<a href=/lien-he>x</a>" * 9
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Say nothing."""


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody signed but its own holder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*kinds))
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), _Front) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(home: str, tmp_path: Path) -> None:
    _, report = two_lines(tmp_path / "ground", "bao", home).crawl("bao")
    assert report.outcome == "dead"
    assert {way.outcome for way in report.ways} == {"tls"}
    assert "verify_tls" in (report.trouble or "")


def test_it_is_trusted_where_the_configuration_says_so(home: str, tmp_path: Path) -> None:
    _, report = two_lines(tmp_path / "ground", "bao", home, verify_tls=False).crawl("bao")
    assert "tls" not in {way.outcome for way in report.ways}
    assert ("listing", "empty") in {(way.kind, way.outcome) for way in report.ways}


def test_a_name_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    _, report = two_lines(tmp_path, "bao", "http://no-such-paper.invalid").crawl("bao")
    assert report.outcome == "dead"
    assert {way.outcome for way in report.ways} == {"dns"}
