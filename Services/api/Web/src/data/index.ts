// The data layer's face: all that pages and components may import of it.
export * from "./types";
export type { FeedRow } from "./feed";
export { DataError } from "./DataError";
export {
  useLiveness, useProject, useProjectNamed, useProjects, useSeries, useSessionFeed, useSpan, useSpanBody, useTrace, useTraceFeed,
  type FeedView, type Query,
} from "./hooks";
export type { ApiKey, AuthMethod, NewUser, Role, User, Viewer } from "./account";
export {
  changeUser, changeViewer, createKey, createUser, deleteKey, deleteUsers, requestPasswordReset, resetPassword, signIn,
  signInThroughDirectory, useSystemKeys, useUsers, useViewer,
} from "./account";
