import { useState } from "react";
import { pageConfig } from "../../config";
import { changeViewer } from "../../data";
import { Form, TextField } from "../../ui/Form";
import { AccountFrame } from "./AccountFrame";
import { NewPasswordFields, isUsable, noPassword } from "./NewPasswordFields";

/** For people whose password somebody else has chosen: a new one before anything else. */
export function FirstPasswordPage() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState(noPassword);
  return (
    <AccountFrame title="Choose your own password" text="The one you signed in with was chosen by somebody else.">
      <Form
        submitLabel="Set the password" isReady={current !== "" && isUsable(password)}
        send={async () => {
          await changeViewer({ currentPassword: current, newPassword: password.value });
          window.location.assign(`${pageConfig.rootPath}/login?message=password-changed`);
        }}
      >
        <TextField
          label="Present password" type="password" name="current-password" autoComplete="current-password" autoFocus value={current}
          onChange={setCurrent}
        />
        <NewPasswordFields password={password} onChange={setPassword} />
      </Form>
      <p className="account-links"><a href={`${pageConfig.rootPath}/auth/logout`}>Sign out</a></p>
    </AccountFrame>
  );
}
