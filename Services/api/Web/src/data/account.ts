import { pageConfig } from "../config";
import { DataError } from "./DataError";
import type { Fields } from "./decode";
import { graphql } from "./graphql";
import { useQuery, type Query } from "./hooks";
import { reached } from "./session";
import type { Instant } from "./types";

export type Role = "ADMIN" | "MEMBER" | "VIEWER" | "SYSTEM";
export type AuthMethod = "LOCAL" | "OAUTH2" | "LDAP";

export interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly role: Role;
  readonly authMethod: AuthMethod;
  readonly createdAt: Instant;
}

/** The person whose browser this is. */
export interface Viewer extends User {
  readonly mustChangePassword: boolean;
  readonly keys: readonly ApiKey[];
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: Instant;
  /** Null for never. */
  readonly expiresAt: Instant | null;
}

export interface NewUser {
  readonly email: string;
  readonly username: string;
  readonly role: Role;
  readonly authMethod: AuthMethod;
  readonly password: string | null;
  readonly sendWelcomeEmail: boolean;
}

const keyFields = "id name description createdAt expiresAt";
const userFields = "id username email createdAt authMethod role { name }";

/** Null where nobody signs in. */
export function useViewer(): Query<Viewer | null> {
  return useQuery(pageConfig.authentication === null ? null : "viewer", async () => {
    const data = await graphql(`query Viewer { viewer { ${userFields} passwordNeedsReset apiKeys { ${keyFields} } } }`);
    return data.optionalNested("viewer", viewer);
  }, { ageMax: 30_000 });
}

export function useUsers(): Query<readonly User[]> {
  return useQuery("users", async () => {
    const users: User[] = [];
    let after: string | null = null;
    do {
      const data: Fields = await graphql(
        `query Users($after: String) {
          users(first: 500, after: $after) { edges { node { ${userFields} } } pageInfo { hasNextPage endCursor } }
        }`,
        { after },
      );
      after = data.nested("users", (connection) => {
        users.push(...connection.list("edges", (edge) => edge.nested("node", user)));
        return connection.nested("pageInfo", (page) => (page.flag("hasNextPage") ? page.optionalText("endCursor") : null));
      });
    } while (after !== null);
    return users;
  }, { ageMax: 2_000 });
}

export function useSystemKeys(isWanted: boolean): Query<readonly ApiKey[]> {
  return useQuery(isWanted ? "systemKeys" : null, async () => {
    const data = await graphql(`query SystemKeys { systemApiKeys { ${keyFields} } }`);
    return data.list("systemApiKeys", key);
  }, { ageMax: 2_000 });
}

export async function createUser(input: NewUser): Promise<void> {
  await graphql("mutation CreateUser($input: CreateUserInput!) { createUser(input: $input) { user { id } } }", { input });
}

/** Changes somebody else: what is left out stays. */
export async function changeUser(input: { userId: string; newRole?: Role; newPassword?: string }): Promise<void> {
  await graphql("mutation PatchUser($input: PatchUserInput!) { patchUser(input: $input) { user { id } } }", { input });
}

export async function deleteUsers(userIds: readonly string[]): Promise<void> {
  await graphql("mutation DeleteUsers($input: DeleteUsersInput!) { deleteUsers(input: $input) { userIds } }", { input: { userIds } });
}

/** Changes oneself; a new password ends every session, this one too. */
export async function changeViewer(input: { newUsername?: string; newPassword?: string; currentPassword?: string }): Promise<void> {
  await graphql("mutation PatchViewer($input: PatchViewerInput!) { patchViewer(input: $input) { user { id } } }", { input });
}

/** Makes a key and returns its token, which is never shown again. */
export async function createKey(
  kind: "user" | "system", input: { name: string; description: string | null; expiresAt: string | null },
): Promise<string> {
  const [document, field] = kind === "user"
    ? ["mutation CreateUserKey($input: CreateUserApiKeyInput!) { createUserApiKey(input: $input) { jwt } }", "createUserApiKey"]
    : ["mutation CreateSystemKey($input: CreateApiKeyInput!) { createSystemApiKey(input: $input) { jwt } }", "createSystemApiKey"];
  return (await graphql(document, { input })).nested(field, (payload) => payload.text("jwt"));
}

export async function deleteKey(kind: "user" | "system", id: string): Promise<void> {
  await graphql(
    kind === "user"
      ? "mutation DeleteUserKey($input: DeleteApiKeyInput!) { deleteUserApiKey(input: $input) { apiKeyId } }"
      : "mutation DeleteSystemKey($input: DeleteApiKeyInput!) { deleteSystemApiKey(input: $input) { apiKeyId } }",
    { input: { id } },
  );
}

export const signIn = (email: string, password: string) => post("auth/login", { email, password });
export const signInThroughDirectory = (username: string, password: string) => post("auth/ldap/login", { username, password });
export const requestPasswordReset = (email: string) => post("auth/password-reset-email", { email });
export const resetPassword = (token: string, password: string) => post("auth/password-reset", { token, password });

/** What `/auth` refuses it says in plain words. */
async function post(address: string, body: Readonly<Record<string, string>>): Promise<void> {
  const response = await reached(address, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  if (!response.ok) {
    const words = (await response.text()).trim();
    const isMeantForPeople = words !== "" && words.length < 200 && !words.startsWith("<") && !words.startsWith("{");
    throw new DataError(
      response.status >= 500 ? "unavailable" : "refused",
      isMeantForPeople ? words : `The server answered ${response.status}.`, response.status,
    );
  }
}

function user(fields: Fields): User {
  return {
    id: fields.text("id"),
    username: fields.text("username"),
    email: fields.optionalText("email"),
    role: fields.nested("role", (role) => role.text("name")) as Role,
    authMethod: fields.text("authMethod") as AuthMethod,
    createdAt: fields.instant("createdAt"),
  };
}

function viewer(fields: Fields): Viewer {
  return { ...user(fields), mustChangePassword: fields.flag("passwordNeedsReset"), keys: fields.list("apiKeys", key) };
}

function key(fields: Fields): ApiKey {
  return {
    id: fields.text("id"),
    name: fields.text("name"),
    description: fields.optionalText("description"),
    createdAt: fields.instant("createdAt"),
    expiresAt: fields.optionalInstant("expiresAt"),
  };
}
