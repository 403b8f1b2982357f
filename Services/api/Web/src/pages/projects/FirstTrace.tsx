import "./FirstTrace.css";
import { useState } from "react";
import { pageConfig, publicURL } from "../../config";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { Mark } from "../../shell/Mark";
import { CodeBlock } from "../../ui/CodeBlock";
import { Segmented } from "../../ui/Segmented";

type Way = "phoenix" | "opentelemetry";

const ways: readonly (readonly [Way, string])[] = [["phoenix", "arize-phoenix-otel"], ["opentelemetry", "OpenTelemetry"]];

/** What there is to see before there is anything to see: how to send a first trace here. */
export function FirstTrace() {
  const [way, setWay] = useState<Way>("phoenix");
  const needsKey = pageConfig.authentication !== null;
  const { packages, key, code } = snippet(way, `${publicURL()}/v1/traces`);
  return (
    <section className="first-trace" aria-labelledby="first-trace-title">
      <Mark size={48} />
      <h1 id="first-trace-title" className="page-title">Send your first trace</h1>
      <p>Run this, and the trace is here a second later. Any OpenTelemetry exporter works the same way.</p>
      {needsKey && <p>Programs need an API key here: make one in <Link href={href({ page: "profile" })}>your profile</Link>.</p>}
      <div className="first-trace-steps">
        <Segmented value={way} options={ways} label="Client library" onChange={setWay} />
        <CodeBlock text={needsKey ? `${packages}\n${key}` : packages} title="Shell" />
        <div className="code-block-code"><CodeBlock text={code} title="Python" /></div>
        <p className="first-trace-wait"><span className="liveness liveness-live" aria-hidden="true" />Waiting for spans</p>
      </div>
    </section>
  );
}

/** @returns key what tells a program its key. */
function snippet(way: Way, endpoint: string): { packages: string; key: string; code: string } {
  // The library knows the protocol by the path, if that is nothing but `/v1/traces`.
  const protocol = pageConfig.rootPath === "" ? "" : ' protocol="http/protobuf",';
  switch (way) {
    case "phoenix":
      return {
        packages: "pip install arize-phoenix-otel",
        key: "export PHOENIX_API_KEY=…",
        code: [
          "from phoenix.otel import register",
          "",
          `tracer = register(endpoint="${endpoint}",${protocol} project_name="hello").get_tracer("hello")`,
          'with tracer.start_as_current_span("greet", openinference_span_kind="chain") as span:',
          '    span.set_input("Is anybody there?")',
          '    span.set_output("Yes.")',
        ].join("\n"),
      };
    case "opentelemetry":
      return {
        packages: "pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http",
        key: "export OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer …'",
        code: [
          "from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter",
          "from opentelemetry.sdk.trace import TracerProvider",
          "from opentelemetry.sdk.trace.export import SimpleSpanProcessor",
          "",
          "provider = TracerProvider()",
          `provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter("${endpoint}")))`,
          'with provider.get_tracer("hello").start_as_current_span("greet") as span:',
          '    span.set_attributes({"input.value": "Is anybody there?", "output.value": "Yes."})',
        ].join("\n"),
      };
  }
}
