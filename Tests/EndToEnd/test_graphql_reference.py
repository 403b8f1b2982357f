"""The GraphQL engine's expectations are what graphql-core says today."""

import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "GraphQLTests" / "Fixtures"


def test_expectations_are_current(tmp_path):
    """The committed expectations, which the Swift tests replay, come out the same from the reference."""
    made = tmp_path / "expectations.json"
    subprocess.run([sys.executable, str(FIXTURES / "make_expectations.py"), str(made)], check=True)
    assert made.read_text() == (FIXTURES / "expectations.json").read_text(), (
        "run Tests/GraphQLTests/Fixtures/make_expectations.py"
    )
