"""A real directory: OpenLDAP's server with a few people, in a folder of the test's own."""

import signal
import subprocess
from pathlib import Path
from types import TracebackType

from harness.ports import free_ports
from harness.processes import wait_until

SUFFIX = "dc=example,dc=com"
READER_PASSWORD = "canary-password-of-the-reader"

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
database mdb
maxsize 10485760
suffix "{suffix}"
directory {folder}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,{suffix}" read by * none
"""

ENTRIES = """
dn: {suffix}
objectClass: dcObject
objectClass: organization
o: Example

dn: cn=reader,{suffix}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {reader}

dn: uid=ada,{suffix}
objectClass: inetOrgPerson
uid: ada
cn: Ada Lovelace
sn: Lovelace
displayName: Ada
mail: Ada@Example.com
memberOf: cn=Engineers,{suffix}
userPassword: canary-password-of-ada
"""


class Directory:
    """Listens on loopback; ends with the `with` block."""

    def __init__(self, folder: Path) -> None:
        (folder / "data").mkdir(parents=True)
        self.port = free_ports(1)[0]
        configuration, entries = folder / "slapd.conf", folder / "entries.ldif"
        configuration.write_text(CONFIGURATION.format(suffix=SUFFIX, folder=folder))
        entries.write_text(ENTRIES.format(suffix=SUFFIX, reader=READER_PASSWORD).lstrip())
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", configuration, "-l", entries], check=True, capture_output=True)
        self._process = subprocess.Popen(
            ["/usr/sbin/slapd", "-h", f"ldap://127.0.0.1:{self.port}/", "-f", configuration, "-d", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        wait_until(self._listens, 10, "a directory that listens")

    def _listens(self) -> bool:
        asked = ["ldapwhoami", "-x", "-H", f"ldap://127.0.0.1:{self.port}", "-D", f"cn=reader,{SUFFIX}", "-w", READER_PASSWORD]
        return subprocess.run(asked, capture_output=True).returncode == 0

    @property
    def variables(self) -> dict[str, str]:
        return {
            "PHOENIX_LDAP_HOST": "127.0.0.1",
            "PHOENIX_LDAP_PORT": str(self.port),
            "PHOENIX_LDAP_TLS_MODE": "none",
            "PHOENIX_LDAP_BIND_DN": f"cn=reader,{SUFFIX}",
            "PHOENIX_LDAP_BIND_PASSWORD": READER_PASSWORD,
            "PHOENIX_LDAP_USER_SEARCH_BASE_DNS": f'["{SUFFIX}"]',
            "PHOENIX_LDAP_USER_SEARCH_FILTER": "(uid=%s)",
            "PHOENIX_LDAP_ATTR_EMAIL": "mail",
            "PHOENIX_LDAP_GROUP_ROLE_MAPPINGS": f'[{{"group_dn": "cn=Engineers,{SUFFIX}", "role": "MEMBER"}}]',
        }

    def __enter__(self) -> "Directory":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
