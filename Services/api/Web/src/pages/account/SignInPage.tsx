import { useEffect, useState } from "react";
import { pageConfig, type IdentityProvider } from "../../config";
import { signIn, signInThroughDirectory } from "../../data";
import { returnPath } from "../../model/returnAddress";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { useLocation } from "../../router/useLocation";
import { Form, TextField } from "../../ui/Form";
import { Notice } from "../../ui/Notice";
import { AccountFrame } from "./AccountFrame";
import { providerProblem } from "./providerProblem";

export function SignInPage({ isSignedOut }: { isSignedOut: boolean }) {
  const { query } = useLocation();
  const authentication = pageConfig.authentication;
  const target = returnPath(query.get("returnUrl"));
  const problem = providerProblem(query.get("error"));
  const automatic = isSignedOut || problem !== null ? undefined : authentication?.providers.find((provider) => provider.isAutomatic);
  useEffect(() => {
    if (automatic !== undefined) {
      window.location.replace(providerAddress(automatic, target));
    }
  }, [automatic, target]);

  if (authentication === null) {
    return <AccountFrame title="Bennu" text="Nobody needs to sign in here."><ToProjects /></AccountFrame>;
  }
  const { hasPasswords, hasLDAP, hasMail, providers } = authentication;
  return (
    <AccountFrame title={isSignedOut ? "You have signed out" : "Sign in to Bennu"}>
      {problem !== null && <div className="account-notice"><Notice tone="error">{problem}</Notice></div>}
      {query.get("message") === "password-changed" && (
        <div className="account-notice"><Notice tone="ok">Your password was changed. Sign in with the new one.</Notice></div>
      )}
      {hasPasswords && <PasswordForm target={target} />}
      {hasLDAP && <>{hasPasswords && <Or />}<DirectoryForm target={target} /></>}
      {providers.length > 0 && (
        <>
          {(hasPasswords || hasLDAP) && <Or />}
          <div className="account-providers">
            {providers.map((provider) => (
              <a key={provider.id} className="button" href={providerAddress(provider, target)}>Sign in with {provider.name}</a>
            ))}
          </div>
        </>
      )}
      {hasPasswords && hasMail && (
        <p className="account-links"><Link href={href({ page: "forgottenPassword" })}>Forgotten your password?</Link></p>
      )}
    </AccountFrame>
  );
}

function PasswordForm({ target }: { target: string }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <Form
      submitLabel="Sign in" isReady={email.trim() !== "" && password !== ""}
      send={async () => {
        await signIn(email.trim(), password);
        enter(target);
      }}
    >
      <TextField label="Mail address" type="email" name="email" autoComplete="username" autoFocus value={email} onChange={setEmail} />
      <TextField label="Password" type="password" name="password" autoComplete="current-password" value={password} onChange={setPassword} />
    </Form>
  );
}

function DirectoryForm({ target }: { target: string }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  return (
    <Form
      submitLabel="Sign in with LDAP" isReady={username.trim() !== "" && password !== ""}
      send={async () => {
        await signInThroughDirectory(username.trim(), password);
        enter(target);
      }}
    >
      <TextField label="User name" name="username" autoComplete="username" value={username} onChange={setUsername} />
      <TextField label="Password" type="password" name="directory-password" autoComplete="current-password" value={password} onChange={setPassword} />
    </Form>
  );
}

const Or = () => <p className="account-or">or</p>;
const ToProjects = () => <p className="account-links"><Link href={href({ page: "projects" })}>Go to the projects</Link></p>;

/** The whole page is loaded anew, so that nothing of whoever was here before is left. */
function enter(target: string) {
  window.location.assign(pageConfig.rootPath + target);
}

function providerAddress(provider: IdentityProvider, target: string): string {
  const query = target === "/" ? "" : `?${new URLSearchParams({ returnUrl: target }).toString()}`;
  return `${pageConfig.rootPath}/oauth2/${provider.id}/login${query}`;
}
