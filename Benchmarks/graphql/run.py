"""Measures the GraphQL engine beside graphql-core in one run: the document of a trace's page, on data in memory.

    run.py graphql-benchmark [--spans 1000] [--record]

The first argument is the built executable. Needs graphql-core 3.2. The reference executes the SDL that the executable prints,
on the answer that the executable gives: its resolvers do nothing but look into dictionaries. The answers must be the same.
Prints Markdown; with --record it also replaces the results in README.md beside this file.
"""

import argparse
import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from graphql import build_schema, execute_sync, parse, validate

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE / "trace_page.graphql"


def microseconds(rounds: int, body: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        times.append((time.perf_counter() - start) * 1e6)
    return min(times)


def resolve(source, info, **arguments):
    return source.get(info.path.key) if info.path.key in source else source.get(info.field_name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("executable")
    parser.add_argument("--spans", type=int, default=1000)
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()

    def ours(*arguments: str) -> str:
        return subprocess.run([options.executable, *arguments], check=True, capture_output=True, text=True).stdout

    schema = build_schema(ours("sdl"))
    schema.type_map["Node"].resolve_type = lambda value, info, kind: value["__typename"]
    text = DOCUMENT.read_text()
    document = parse(text)
    variables = {"project": "UHJvamVjdDox", "trace": "f00d", "first": options.spans, "withEvents": False}
    answer = json.loads(ours("answer", str(DOCUMENT), str(options.spans)))

    def execute():
        return execute_sync(schema, document, root_value=answer["data"], variable_values=variables, field_resolver=resolve)

    assert not validate(schema, document)
    data = execute().data
    assert data == answer["data"], "the answers differ"
    reference = {
        "parse": microseconds(200, lambda: parse(text)),
        "validate": microseconds(200, lambda: validate(schema, document)),
        "execute": microseconds(30, execute),
        "write": microseconds(60, lambda: json.dumps({"data": data}).encode()),
    }
    measured = json.loads(ours("measure", str(DOCUMENT), str(options.spans)))
    labels = {"parse": "parse", "validate": "validate and measure", "execute": "execute", "write": "write as JSON"}
    size = len(json.dumps(answer, separators=(",", ":")))
    rows = [f"{options.spans:,} spans, {size / 1e6:.1f} MB of JSON; the fastest of many rounds, which others on the machine disturb least.", "", "| | Bennu | graphql-core | factor |", "|---|---|---|---|"]
    for key, label in labels.items():
        rows.append(f"| {label} | {measured[key]:,.0f} µs | {reference[key]:,.0f} µs | {reference[key] / measured[key]:.0f} |")
    table = "\n".join(rows)
    print(table)
    if options.record:
        readme = HERE / "README.md"
        readme.write_text(re.sub(r"(<!-- results -->\n).*(<!-- /results -->)", rf"\g<1>{table}\n\g<2>", readme.read_text(), flags=re.S))


if __name__ == "__main__":
    main()
