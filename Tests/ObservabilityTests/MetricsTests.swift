import Testing

@testable import Observability

@Suite struct MetricsTests {
    @Test func everythingIsWrittenAsPrometheusReadsIt() {
        let registry = MetricsRegistry()
        registry.counter("spans_total", "Spans.", labels: ["reason": "queue_full", "project": "a"]).increment(by: 3)
        registry.gauge("queue_bytes", "Bytes that wait.").set(2.5)
        registry.gauge("up", "Read when asked.") { 1 }
        let histogram = registry.histogram("wait_seconds", "Waits.", bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 7] { histogram.record(value) }
        #expect(
            PrometheusText.exposition(of: registry) == """
                # HELP queue_bytes Bytes that wait.
                # TYPE queue_bytes gauge
                queue_bytes 2.5
                # HELP spans_total Spans.
                # TYPE spans_total counter
                spans_total{project="a",reason="queue_full"} 3
                # HELP up Read when asked.
                # TYPE up gauge
                up 1
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.1"} 2
                wait_seconds_bucket{le="1"} 3
                wait_seconds_bucket{le="+Inf"} 4
                wait_seconds_sum 7.65
                wait_seconds_count 4

                """)
    }

    @Test func valuesOfLabelsAndHelpAreEscaped() {
        let registry = MetricsRegistry()
        registry.counter("x_total", "a\\b\nc \"d\"", labels: ["l": "a\\b\nc \"d\""]).increment()
        let text = PrometheusText.exposition(of: registry)
        #expect(text.contains(#"# HELP x_total a\\b\nc "d""# + "\n"))
        #expect(text.contains(#"x_total{l="a\\b\nc \"d\""} 1"#))
    }

    @Test func askingTwiceGivesTheSameMetric() {
        let registry = MetricsRegistry()
        registry.counter("x_total", "X.", labels: ["a": "1", "b": "2"]).increment()
        registry.counter("x_total", "X.", labels: ["b": "2", "a": "1"]).increment()
        registry.counter("x_total", "X.", labels: ["a": "2", "b": "2"]).increment()
        let text = PrometheusText.exposition(of: registry)
        #expect(text.contains(#"x_total{a="1",b="2"} 2"#))
        #expect(text.contains(#"x_total{a="2",b="2"} 1"#))
    }

    @Test(arguments: [
        (1.0, "1"), (0.1, "0.1"), (-2, "-2"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"), (9_007_199_254_740_991, "9007199254740991"),
    ])
    func numbersAreWrittenAsGoReadsThem(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test func manyTasksLoseNoCount() async {
        let counter = MetricsRegistry().counter("x_total", "X.")
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<10_000 { counter.increment() } } }
        }
        #expect(counter.value == 80_000)
    }

    @Test func namesFollowPrometheusRules() {
        #expect(MetricLabels.isMetricName("bennu_spans_total"))
        #expect(MetricLabels.isMetricName("a:b"))
        #expect(!MetricLabels.isMetricName("1a"))
        #expect(!MetricLabels.isMetricName("a-b"))
        #expect(!MetricLabels.isMetricName(""))
        #expect(!MetricLabels.isLabelName("le"))
        #expect(!MetricLabels.isLabelName("__name"))
        #expect(!MetricLabels.isLabelName("a:b"))
    }

    @Test func aProcessSaysWhatItCosts() {
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        let values = PrometheusText.exposition(of: registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .reduce(into: [Substring: Double]()) {
                $0[$1.prefix { $0 != " " }] = Double($1.drop { $0 != " " }.dropFirst())
            }
        #expect((values["process_resident_memory_bytes"] ?? 0) > 1_000_000)
        #expect((values["process_open_fds"] ?? 0) > 2)
        #expect((values["process_cpu_seconds_total"] ?? 0) > 0)
        #expect((values["process_start_time_seconds"] ?? 0) > 1_700_000_000)
    }
}
