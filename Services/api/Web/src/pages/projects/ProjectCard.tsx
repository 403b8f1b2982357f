import type { ReactNode } from "react";
import type { ListedProject, Project } from "../../data";
import { durationText } from "../../format/duration";
import { costText, countText, exactText, shareText } from "../../format/number";
import { filledSeries } from "../../model/series";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { Sparkline } from "../../ui/Sparkline";
import { TimeAgo } from "../../ui/Time";
import { useNow } from "../../ui/useNow";

export function ProjectCard({ project }: { project: ListedProject }) {
  const tokens = project.promptTokens + project.completionTokens;
  return (
    <li className="project-card">
      <div className="project-card-head">
        <h2>
          <Link href={href({ page: "project", projectId: project.id, tab: "traces" })}>{project.name}</Link>
        </h2>
        <span className="project-card-time">
          {project.lastSpanTime === null ? "No spans yet" : <TimeAgo instant={project.lastSpanTime} />}
        </span>
      </div>
      {project.description !== null && project.description !== "" && <p className="project-card-words">{project.description}</p>}
      <Activity project={project} />
      <dl className="project-card-facts">
        <Fact name="Traces" title={exactText(project.traceCount)}>{countText(project.traceCount)}</Fact>
        <Fact name="p50">{project.latencyP50 === null ? "–" : durationText(project.latencyP50)}</Fact>
        <Fact name="p99">{project.latencyP99 === null ? "–" : durationText(project.latencyP99)}</Fact>
        <Fact name="Tokens" title={exactText(tokens)}>{tokens === 0 ? "–" : countText(tokens)}</Fact>
        <Fact name="Cost">{costText(project.totalCost)}</Fact>
        <Errors project={project} />
      </dl>
    </li>
  );
}

function Activity({ project }: { project: ListedProject }) {
  const now = useNow();
  const { points } = filledSeries(project.day, "24h", now, 48);
  const traces = points.map((point) => point.traceCount);
  const sum = traces.reduce((total, count) => total + count, 0);
  return (
    <div className="project-card-activity">
      <Sparkline values={traces} width={480} height={32} label={`${exactText(sum)} traces in the last 24 hours`} />
      <span className="project-card-day"><span className="numeric">{countText(sum)}</span> in 24 h</span>
    </div>
  );
}

function Errors({ project }: { project: Project }) {
  const share = project.spanCount === 0 ? 0 : project.errorCount / project.spanCount;
  return (
    <Fact name="Errors" title={`${exactText(project.errorCount)} of ${exactText(project.spanCount)} spans`} isAlarming={share >= 0.05}>
      {project.spanCount === 0 ? "–" : shareText(share)}
    </Fact>
  );
}

function Fact({ name, title, isAlarming = false, children }: { name: string; title?: string; isAlarming?: boolean; children: ReactNode }) {
  return (
    <div className={isAlarming ? "fact fact-alarming" : "fact"} title={title}>
      <dt>{name}</dt>
      <dd className="numeric">{children}</dd>
    </div>
  );
}
