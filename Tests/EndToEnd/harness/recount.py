"""Recounts every sum from the span rows, independently of the server's own code."""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from harness.stores import Store

WIDTHS = (60, 3600, 86_400)
SPAN, TRACE = 0, 1
SUMS = ("span_count", "error_count", "prompt_tokens", "completion_tokens", "prompt_cost", "completion_cost")


@dataclass
class Sums:
    counts: Counter = field(default_factory=Counter)
    start: int | None = None
    end: int | None = None

    def add(self, counts: dict[str, int], start: int, end: int) -> None:
        self.counts.update(counts)
        self.start = start if self.start is None else min(self.start, start)
        self.end = end if self.end is None else max(self.end, end)

    def kept(self, *names: str) -> tuple:
        return (self.start, self.end, *(self.counts[name] for name in names))


def differences(store: Store) -> list[str]:
    """One sentence for each sum that is not what its spans add up to; empty when all agree."""
    projects_of, sessions_of = {}, {}
    for trace, project, session in store.query("SELECT id, project_id, session_id FROM traces"):
        projects_of[trace], sessions_of[trace] = project, session
    traces: dict[int, Sums] = defaultdict(Sums)
    buckets: dict[tuple, Counter] = defaultdict(Counter)
    latencies: Counter = Counter()
    found = []
    rows = store.query(
        "SELECT trace_rowid, start_time, end_time, status_code, prompt_tokens, completion_tokens,"
        " prompt_cost, completion_cost FROM spans"
    )
    for trace, start, end, status, *numbers in rows:
        values = [1, int(status == "ERROR"), *(number or 0 for number in numbers)]
        counts = dict(zip(SUMS, values, strict=True))
        traces[trace].add(counts, start, end)
        if trace not in projects_of:
            found.append(f"a span belongs to trace {trace}, which is not there")
            continue
        _count(buckets, latencies, projects_of[trace], counts, SPAN, start, end)
    sessions: dict[str, Sums] = defaultdict(Sums)
    for trace, sums in traces.items():
        _count(buckets, latencies, projects_of.get(trace), {"trace_count": 1}, TRACE, sums.start, sums.end)
        if sessions_of.get(trace) is not None:
            sessions[sessions_of[trace]].add(sums.counts | {"trace_count": 1}, sums.start, sums.end)
    found += _compare(
        "trace", store.query(f"SELECT id, start_time, end_time, {', '.join(SUMS)} FROM traces"),
        {trace: sums.kept(*SUMS) for trace, sums in traces.items()},
    )
    found += _compare(
        "session",
        store.query(f"SELECT session_id, start_time, end_time, trace_count, {', '.join(SUMS)} FROM project_sessions"),
        {session: sums.kept("trace_count", *SUMS) for session, sums in sessions.items()},
    )
    names = ("trace_count", *SUMS)
    summed = ", ".join(f"CAST(SUM({name}) AS BIGINT)" for name in names)
    found += _compare(
        "bucket",
        [
            ((project, width, start), *numbers)
            for project, width, start, *numbers in store.query(
                f"SELECT project_id, width, bucket_start, {summed} FROM project_rollups"
                " GROUP BY project_id, width, bucket_start"
            )
            if any(numbers)
        ],
        {key: tuple(counts[name] for name in names) for key, counts in buckets.items()},
    )
    found += _compare(
        "latency",
        [
            (tuple(key), count)
            for *key, count in store.query(
                "SELECT project_id, width, bucket_start, subject, bucket, CAST(SUM(count) AS BIGINT)"
                " FROM project_latencies GROUP BY project_id, width, bucket_start, subject, bucket"
            )
            if count
        ],
        {key: (count,) for key, count in latencies.items()},
    )
    return found


def latency_bucket(nanoseconds: int) -> int:
    """Powers of 1.1 over a microsecond, as Domain/LatencyBucket.swift has them."""
    scaled = max(nanoseconds, 0) / 1000.0
    return 0 if scaled < 1 else math.floor(math.log(scaled) / math.log(1.1)) + 1


def _count(
    buckets: dict[tuple, Counter], latencies: Counter, project: int, counts: dict[str, int], subject: int,
    start: int, end: int,
) -> None:
    for width in WIDTHS:
        key = (project, width, start // (width * 10**9) * width)
        buckets[key].update(counts)
        latencies[(*key, subject, latency_bucket(end - start))] += 1


def _compare(kind: str, rows: list[tuple], counted: dict) -> list[str]:
    found = []
    kept = {row[0]: tuple(row[1:]) for row in rows}
    for key in kept.keys() | counted.keys():
        if kept.get(key) != counted.get(key):
            found.append(f"{kind} {key} keeps {kept.get(key)} and has {counted.get(key)}")
    return found
