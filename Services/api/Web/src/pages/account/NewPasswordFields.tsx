import { useState } from "react";
import { pageConfig } from "../../config";
import { passwordProblem } from "../../model/password";
import { TextField } from "../../ui/Form";

export interface NewPassword {
  readonly value: string;
  readonly repeated: string;
}

export const noPassword: NewPassword = { value: "", repeated: "" };

const isStrong = () => pageConfig.authentication?.hasStrongPasswords === true;

/** Whether it keeps the rules and was written alike twice. */
export function isUsable(password: NewPassword): boolean {
  return password.value === password.repeated && password.value !== "" && passwordProblem(password.value, isStrong()) === null;
}

/** A new password, twice. What is wrong is said once the field has been left. */
export function NewPasswordFields({ password, onChange }: { password: NewPassword; onChange: (password: NewPassword) => void }) {
  const [left, setLeft] = useState({ first: false, second: false });
  const problem = left.first && password.value !== "" ? passwordProblem(password.value, isStrong()) : null;
  const differs = left.second && password.repeated !== "" && password.repeated !== password.value;
  return (
    <>
      <TextField
        label="New password" type="password" name="new-password" autoComplete="new-password" value={password.value} problem={problem}
        hint={isStrong() ? "At least 12 characters, with a digit, a small and a capital letter and a sign" : "At least 4 characters, no spaces"}
        onBlur={() => setLeft({ ...left, first: true })} onChange={(value) => onChange({ ...password, value })}
      />
      <TextField
        label="New password again" type="password" name="repeated-password" autoComplete="new-password" value={password.repeated}
        problem={differs ? "The two differ." : null} onBlur={() => setLeft({ ...left, second: true })}
        onChange={(repeated) => onChange({ ...password, repeated })}
      />
    </>
  );
}
