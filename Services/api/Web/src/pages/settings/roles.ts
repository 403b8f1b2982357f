import type { Role } from "../../data";

export const roleChoices: readonly (readonly [Role, string])[] = [
  ["ADMIN", "Admin: manages people and keys"],
  ["MEMBER", "Member: reads and writes"],
  ["VIEWER", "Viewer: reads only"],
];

const names: Record<Role, string> = { ADMIN: "Admin", MEMBER: "Member", VIEWER: "Viewer", SYSTEM: "System" };

export function roleName(role: Role): string {
  return names[role];
}
