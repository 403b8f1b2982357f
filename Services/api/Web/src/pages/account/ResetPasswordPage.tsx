import { useState } from "react";
import { pageConfig } from "../../config";
import { resetPassword } from "../../data";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { useLocation } from "../../router/useLocation";
import { Form } from "../../ui/Form";
import { AccountFrame } from "./AccountFrame";
import { NewPasswordFields, isUsable, noPassword } from "./NewPasswordFields";

/** Where the link in a mail leads. */
export function ResetPasswordPage() {
  const token = useLocation().query.get("token") ?? "";
  const [password, setPassword] = useState(noPassword);
  if (token === "") {
    return (
      <AccountFrame title="This link is not whole" text="Open the link in the mail again, or ask for a new one.">
        <p className="account-links"><Link href={href({ page: "forgottenPassword" })}>Ask for a new link</Link></p>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title="Set a new password">
      <Form
        submitLabel="Set the password" isReady={isUsable(password)}
        send={async () => {
          await resetPassword(token, password.value);
          window.location.assign(`${pageConfig.rootPath}/login?message=password-changed`);
        }}
      >
        <NewPasswordFields password={password} onChange={setPassword} />
      </Form>
      <p className="account-links"><Link href={href({ page: "signIn" })}>Back to signing in</Link></p>
    </AccountFrame>
  );
}
