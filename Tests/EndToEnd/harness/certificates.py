"""Certificates made on the spot by openssl."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Certificate:
    path: Path
    key: Path


class Authority:
    """An issuer of certificates for this machine's loopback."""

    def __init__(self, folder: Path, name: str = "test issuer") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.path, self.key = folder / "issuer.pem", folder / "issuer.key"
        _openssl(
            "req", "-x509", *_NEW_KEY, "-days", "2", "-subj", f"/CN={name}", "-keyout", self.key, "-out", self.path,
        )

    def issue(self, name: str, *, names: str = "DNS:localhost,IP:127.0.0.1", through: "Authority | None" = None) -> Certificate:
        """A certificate whose file holds the intermediate issuer as well, if there is one."""
        issuer = through or self
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        made = Certificate(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        extensions.write_text(f"subjectAltName={names}\n")
        _openssl("req", *_NEW_KEY, "-subj", f"/CN={name}", "-keyout", made.key, "-out", request)
        issuer.sign(request, made.path, extensions)
        if through:
            made.path.write_text(made.path.read_text() + through.path.read_text())
        return made

    def intermediate(self, folder: Path) -> "Authority":
        """Another issuer, vouched for by this one."""
        made = Authority(folder, "test intermediate issuer")
        request, extensions = folder / "issuer.csr", folder / "issuer.ext"
        extensions.write_text("basicConstraints=critical,CA:TRUE\n")
        _openssl("req", "-new", "-key", made.key, "-subj", "/CN=test intermediate issuer", "-out", request)
        self.sign(request, made.path, extensions)
        return made

    def sign(self, request: Path, to: Path, extensions: Path) -> None:
        _openssl(
            "x509", "-req", "-in", request, "-CA", self.path, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
            "-extfile", extensions, "-out", to,
        )

    def trust(self, shown: Certificate | None = None) -> ssl.SSLContext:
        """What a client needs to believe this issuer, and to show a certificate of its own."""
        context = ssl.create_default_context(cafile=str(self.path))
        if shown:
            context.load_cert_chain(shown.path, shown.key)
        return context


def encrypted(key: Path, password: str) -> Path:
    """The same key, encrypted (PKCS #8)."""
    made = key.with_suffix(".encrypted.key")
    _openssl("pkcs8", "-topk8", "-in", key, "-passout", f"pass:{password}", "-out", made)
    return made


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, stdin=subprocess.DEVNULL)
