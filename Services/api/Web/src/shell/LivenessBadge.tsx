import { useLiveness, type Liveness } from "../data";

const words: Record<Liveness, readonly [string, string]> = {
  connecting: ["Connecting", "Waiting for the server's stream of news"],
  live: ["Live", "New spans appear by themselves"],
  polling: ["Every 10 s", "The stream of news is cut; this page asks every ten seconds, and tries to open the stream again"],
};

export function LivenessBadge({ projectId }: { projectId: string }) {
  const liveness = useLiveness(projectId);
  const [word, explanation] = words[liveness];
  return (
    <span className={`liveness liveness-${liveness}`} title={explanation} role="status">
      <span className="liveness-text">{word}</span>
    </span>
  );
}
