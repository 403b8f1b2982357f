import type { ReactNode } from "react";
import type { Project } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countText, exactText, shareText } from "../../format/number";
import { Skeleton } from "../../ui/Notice";
import { TimeAgo } from "../../ui/Time";

/** A project's sums over all time. */
export function ProjectFacts({ project }: { project: Project | undefined }) {
  return (
    <dl className="facts" aria-busy={project === undefined}>
      <Fact name="Traces" title={project && exactText(project.traceCount)}>{project && countText(project.traceCount)}</Fact>
      <Fact name="Spans" title={project && exactText(project.spanCount)}>{project && countText(project.spanCount)}</Fact>
      <Fact name="Latency p50">{project && latency(project.latencyP50)}</Fact>
      <Fact name="Latency p99">{project && latency(project.latencyP99)}</Fact>
      <Fact name="Errors" title={project && `${exactText(project.errorCount)} of ${exactText(project.spanCount)} spans`}>
        {project && errors(project)}
      </Fact>
      <Fact name="Tokens" title={project && `${exactText(project.promptTokens)} prompt, ${exactText(project.completionTokens)} completion`}>
        {project && countText(project.promptTokens + project.completionTokens)}
      </Fact>
      <Fact name="Cost">{project && costText(project.totalCost)}</Fact>
      <Fact name="Last span">{project && (project.lastSpanTime === null ? "–" : <TimeAgo instant={project.lastSpanTime} />)}</Fact>
    </dl>
  );
}

function Fact({ name, title, children }: { name: string; title?: string | undefined; children: ReactNode }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd className="numeric">{children ?? <Skeleton width={48} height={18} />}</dd>
    </div>
  );
}

function latency(milliseconds: number | null): string {
  return milliseconds === null ? "–" : durationText(milliseconds);
}

function errors(project: Project): ReactNode {
  if (project.spanCount === 0) {
    return "–";
  }
  const share = project.errorCount / project.spanCount;
  return <span className={share >= 0.05 ? "facts-alarming" : undefined}>{shareText(share)}</span>;
}
