import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { Empty } from "../../ui/Notice";

/** @param project the id or name that nothing has. */
export function MissingProject({ project }: { project: string }) {
  return (
    <Empty isPage title="This project is not here">
      <p>It may have been deleted, or the address is mistyped. A new project is here as soon as its first spans are.</p>
      <code>{project}</code>
      <Link className="button" href={href({ page: "projects" })}>Go to the projects</Link>
    </Empty>
  );
}
