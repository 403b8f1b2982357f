import { useSyncExternalStore } from "react";
import { currentLocation, subscribeToLocation, type Location } from "./history";

export function useLocation(): Location {
  return useSyncExternalStore(subscribeToLocation, currentLocation);
}
