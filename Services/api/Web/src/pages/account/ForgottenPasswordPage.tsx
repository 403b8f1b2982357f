import { useState } from "react";
import { requestPasswordReset } from "../../data";
import { href } from "../../router/history";
import { Link } from "../../router/Link";
import { Form, TextField } from "../../ui/Form";
import { AccountFrame } from "./AccountFrame";

export function ForgottenPasswordPage() {
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const back = <p className="account-links"><Link href={href({ page: "signIn" })}>Back to signing in</Link></p>;
  if (isSent) {
    return (
      <AccountFrame title="Look into your mail" text="If there is an account with this address, a link to set a new password is on its way.">
        {back}
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title="Forgotten your password?" text="We send you a link to set a new one.">
      <Form
        submitLabel="Send the link" isReady={email.trim() !== ""}
        send={async () => {
          await requestPasswordReset(email.trim());
          setSent(true);
        }}
      >
        <TextField label="Mail address" type="email" name="email" autoComplete="username" autoFocus value={email} onChange={setEmail} />
      </Form>
      {back}
    </AccountFrame>
  );
}
